/**
 * An SMTP server that does nothing but count, as a process of its own: plain sockets, no library, about 0.1 ms a mail. It notes
 * the number in the subject ("bench 17") and when the mail's last line arrived, whether or not its sender lives to read the answer.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { nowMs } from './statistics.ts';

export interface Arrival {
  readonly id: number;
  readonly at: number;
}
export type SinkCommand =
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'await'; readonly mails: number }
  | { readonly kind: 'take' };
export type SinkAnswer =
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'reached' }
  | { readonly kind: 'taken'; readonly arrivals: readonly Arrival[]; readonly mostConnections: number };

const END_OF_MAIL = '\r\n.\r\n';

let arrivals: Arrival[] = [];
let delayMs = 0;
let awaited = Infinity;
let connections = 0;
let mostConnections = 0;

const say = (answer: SinkAnswer): void => void process.send?.(answer);

function arrived(mail: string): void {
  const id = Number(/^Subject: bench (\d+)/im.exec(mail)?.[1] ?? -1);
  arrivals.push({ id, at: nowMs() });
  if (arrivals.length >= awaited) {
    awaited = Infinity;
    say({ kind: 'reached' });
  }
}

const REPLIES: Readonly<Record<string, string>> = {
  EHLO: '250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN XOAUTH2',
  HELO: '250 sink',
  AUTH: '235 ok',
  DATA: '354 go on',
  QUIT: '221 bye',
};

function serve(socket: Socket): void {
  connections++;
  mostConnections = Math.max(mostConnections, connections);
  let text = '';
  let inMail = false;
  const reply = (line: string): void => void socket.write(`${line}\r\n`);

  const takeMail = (): boolean => {
    const end = text.indexOf(END_OF_MAIL);
    if (end < 0) return false;
    arrived(text.slice(0, end));
    text = text.slice(end + END_OF_MAIL.length);
    inMail = false;
    if (delayMs === 0) reply('250 taken');
    else setTimeout(() => reply('250 taken'), delayMs);
    return true;
  };
  const takeLine = (): boolean => {
    const end = text.indexOf('\r\n');
    if (end < 0) return false;
    const verb = text.slice(0, 4).toUpperCase();
    text = text.slice(end + 2);
    inMail = verb === 'DATA';
    reply(REPLIES[verb] ?? '250 ok');
    return true;
  };

  socket.setNoDelay(true).setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    while (inMail ? takeMail() : takeLine());
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => connections--);
  reply('220 sink');
}

process.on('message', (command: SinkCommand) => {
  if (command.kind === 'delay') delayMs = command.ms;
  else if (command.kind === 'await') {
    if (arrivals.length >= command.mails) say({ kind: 'reached' });
    else awaited = command.mails;
  } else {
    say({ kind: 'taken', arrivals, mostConnections });
    [arrivals, awaited, mostConnections] = [[], Infinity, connections];
  }
});
process.on('disconnect', () => process.exit(0));

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../backend/src/mail/transport/fixtures/${name}.pem`, import.meta.url));
const overTls = process.argv.includes('--tls');
const made = overTls
  ? createTlsServer({ noDelay: true, cert: fixture('localhost'), key: fixture('localhost-key') }, serve)
  : createServer({ noDelay: true }, serve);

const server = made.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) say({ kind: 'port', port: address.port });
});
