import type { Socket } from 'node:net';

const MAX_HEAD = 16 * 1024;

/** Exactly so many bytes; more that came stay in the socket. @throws when the connection ends before */
export async function readBytes(socket: Socket, count: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let missing = count; missing > 0;) {
    const bytes = take(socket, missing);
    if (bytes === null) await readable(socket);
    else {
      parts.push(bytes);
      missing -= bytes.length;
    }
  }
  return Buffer.concat(parts);
}

/** The head of an HTTP/1 answer, up to its empty line; what follows stays in the socket. */
export async function readHead(socket: Socket): Promise<string> {
  const parts: number[] = [];
  while (!endsHead(parts)) {
    if (parts.length > MAX_HEAD) throw new Error('The answer of the proxy has no end.');
    const [byte] = await readBytes(socket, 1);
    parts.push(byte ?? 0);
  }
  return Buffer.from(parts).toString('latin1');
}

const endsHead = (bytes: readonly number[]): boolean => {
  const [a, b, c, d] = bytes.slice(-4);
  return a === 13 && b === 10 && c === 13 && d === 10;
};

/** At most so many; null: nothing is there. */
function take(socket: Socket, most: number): Buffer | null {
  const count = Math.min(most, socket.readableLength);
  const bytes: unknown = count === 0 ? null : socket.read(count);
  return Buffer.isBuffer(bytes) ? bytes : null;
}

function readable(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      socket.off('readable', onReadable).off('end', onEnd).off('error', settle).off('close', onEnd);
      if (error) reject(error);
      else resolve();
    };
    const onReadable = (): void => (socket.readableLength > 0 ? settle() : socket.readableEnded ? onEnd() : undefined);
    const onEnd = (): void => settle(new Error('The proxy hung up.'));
    socket.on('readable', onReadable).once('end', onEnd).once('error', settle).once('close', onEnd);
    if (socket.destroyed) onEnd();
    else socket.read(0);
  });
}
