import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** What a spec's server received. */
export interface Received {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly raw: string;
}

export interface TestSmtp {
  readonly port: number;
  readonly received: Received[];
  close(): Promise<void>;
}

const fixture = (name: string): string =>
  readFileSync(new URL(`transport/fixtures/${name}.pem`, import.meta.url), 'utf8');
export const testCa = fixture('ca');
export const certificateFor = (name: 'localhost' | 'elsewhere') => ({
  cert: fixture(name),
  key: fixture(`${name}-key`),
});

/** A real SMTP server (the package smtp-server) on a free port; takes every mail unless the options say otherwise. */
export async function startSmtp(options: SMTPServerOptions = {}): Promise<TestSmtp> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const sender = mailFrom === false ? '' : mailFrom.address;
        received.push({
          sender,
          recipients: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.server.address() as AddressInfo; // a TCP server's address
  return { port, received, close: () => new Promise((done) => server.close(() => done())) };
}

export interface RawSmtp {
  readonly port: number;
  /** Every line that a client sent, in order. */
  readonly lines: string[];
  readonly sockets: Set<Socket>;
  close(): Promise<void>;
}

/** A server that speaks line by line as a spec says, where bytes and broken behaviour matter. */
export async function startRaw(
  greet: (socket: Socket) => void,
  answer: (line: string, socket: Socket) => void,
): Promise<RawSmtp> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let rest = '';
    socket.on('data', (chunk) => {
      const parts = (rest + chunk.toString('latin1')).split('\r\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        answer(line, socket);
      }
    });
    greet(socket);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo; // a TCP server's address
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(() => done()));
  };
  return { port, lines, sockets, close };
}

/** Answers each command by its first word; inside DATA it waits for the lone dot and answers that. */
export function scripted(replies: Readonly<Record<string, string | ((socket: Socket) => void)>>): Promise<RawSmtp> {
  const inData = new WeakSet<Socket>();
  const say = (socket: Socket, word: string) => {
    const reply = replies[word] ?? DEFAULT_REPLIES[word] ?? '502 5.5.1 what?';
    if (typeof reply === 'function') reply(socket);
    else socket.write(`${reply}\r\n`);
    return reply;
  };
  return startRaw(
    (socket) => say(socket, 'GREETING'),
    (line, socket) => {
      if (inData.has(socket)) {
        if (line !== '.') return;
        inData.delete(socket);
        say(socket, 'DOT');
        return;
      }
      const word = /^[A-Za-z]+/.exec(line)?.[0].toUpperCase() ?? '';
      const reply = say(socket, word);
      if (word === 'DATA' && typeof reply === 'string' && reply.startsWith('354')) inData.add(socket);
    },
  );
}

const DEFAULT_REPLIES: Readonly<Record<string, string>> = {
  GREETING: '220 test ESMTP',
  EHLO: '250 test',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  DOT: '250 2.0.0 taken',
  RSET: '250 ok',
  QUIT: '221 bye',
};

/** Takes connections and never says a word. */
export const startBlackHole = (): Promise<RawSmtp> =>
  startRaw(
    () => undefined,
    () => undefined,
  );
