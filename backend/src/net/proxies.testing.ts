import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { readBytes } from './socket-reader.js';

export interface TestProxy {
  readonly port: number;
  /** `host:port` of each way that was opened, in order. */
  readonly opened: string[];
  close(): Promise<void>;
}

interface ProxyOptions {
  readonly user?: { readonly name: string; readonly password: string };
  /** Where names really lead. */
  readonly resolve?: (host: string, port: number) => { host: string; port: number };
  /** What it does not open a way to, by `host`. */
  readonly refuses?: (host: string) => boolean;
}

/** A proxy with CONNECT alone. */
export function startHttpProxy({
  user,
  resolve = (host, port) => ({ host, port }),
  refuses = () => false,
}: ProxyOptions = {}): Promise<TestProxy> {
  const opened: string[] = [];
  const server = createHttpServer();
  server.on('connect', (request, socket: Socket) => {
    const wanted = user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    opened.push(request.url ?? '');
    if (refuses(hostname)) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    join(socket, resolve(hostname, Number(port)), () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
  });
  return listening(server, opened);
}

export function startSocksProxy({
  user,
  resolve = (host, port) => ({ host, port }),
  refuses = () => false,
}: ProxyOptions = {}): Promise<TestProxy> {
  const opened: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    void speak(socket).catch(() => socket.destroy());
  });
  const speak = async (socket: Socket): Promise<void> => {
    const [, methods = 0] = await readBytes(socket, 2);
    const offered = [...(await readBytes(socket, methods))];
    const method = user === undefined ? 0 : 2;
    socket.write(Buffer.from([5, offered.includes(method) ? method : 255]));
    if (user !== undefined) {
      const [, length = 0] = await readBytes(socket, 2);
      const name = (await readBytes(socket, length)).toString();
      const [secretLength = 0] = await readBytes(socket, 1);
      const right = (await readBytes(socket, secretLength)).toString() === user.password && name === user.name;
      socket.write(Buffer.from([1, right ? 0 : 1]));
      if (!right) return;
    }
    const [, , , kind] = await readBytes(socket, 4);
    const host = kind === 1 ? [...(await readBytes(socket, 4))].join('.') : await named(socket);
    const port = (await readBytes(socket, 2)).readUInt16BE();
    opened.push(`${host}:${port}`);
    const answer = (status: number) => socket.write(Buffer.from([5, status, 0, 1, 0, 0, 0, 0, 0, 0]));
    if (refuses(host)) {
      answer(2);
      return;
    }
    join(
      socket,
      resolve(host, port),
      () => answer(0),
      () => answer(5),
    );
  };
  return listening(server, opened);
}

async function named(socket: Socket): Promise<string> {
  const [length = 0] = await readBytes(socket, 1);
  return (await readBytes(socket, length)).toString();
}

function join(
  socket: Socket,
  target: { host: string; port: number },
  ready: () => void,
  failed: () => void = () => undefined,
): void {
  const onward = connect(target, () => {
    ready();
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => {
    failed();
    socket.end();
  });
  socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
}

async function listening(server: Server, opened: string[]): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo; // a TCP server's address
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(() => done()));
  };
  return { port, opened, close };
}
