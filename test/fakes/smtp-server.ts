import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

import { until } from '../stack/until.js';

export interface ReceivedMail {
  readonly messageId: string;
  readonly subject: string;
  readonly from: string;
  /** Of the envelope. */
  readonly recipients: readonly string[];
  readonly mail: ParsedMail;
  readonly receivedAt: number;
}

export interface FakeSmtp {
  readonly port: number;
  /** Accepted mails in their order. */
  readonly mails: readonly ReceivedMail[];
  /** Connections over its whole life, and at most at a time. */
  readonly connections: { readonly all: number; readonly most: number };
  /** Users that signed in, in order, and how often a sign-in was refused. */
  readonly signIns: { readonly users: readonly string[]; readonly refused: number };
  /** Resolves with all mails once there are this many. */
  waitFor(count: number, patienceMs?: number): Promise<readonly ReceivedMail[]>;
  stop(): Promise<void>;
}

/** What a server is like; each spec picks one or changes it on the way (`persona.refuses = …`). */
export interface Persona {
  /** Answers DATA after this long. */
  slowMs?: number;
  /** Refuses recipients for ever (5xx). */
  refuses?: string;
  /** Refuses this many mails for now (4xx), as greylisting does. */
  greylists?: number;
  /** Takes this many mails and closes the line instead of answering. */
  dropsAfterData?: number;
  /** Offers no STARTTLS (the default of these fakes; `tls` offers it). */
  tls?: 'none' | 'starttls' | 'implicit';
  user?: { readonly name: string; readonly password: string };
  /** Takes access tokens alone. */
  oauth?: TokenTaker;
  port?: number;
}

/** How a server looks at an access token. */
export interface TokenTaker {
  /** Whose mailbox a token opens; undefined: nobody's. */
  readonly accountOf: (token: string) => Promise<string | undefined>;
  /** Google says why in a 334 challenge first; Microsoft answers 535 at once. Default: at once. */
  readonly refuses?: 'challenge' | 'at once';
  /** Mailboxes that others may send for. */
  readonly delegates?: Readonly<Record<string, readonly string[]>>;
}

const CERTIFICATES = new URL('../../backend/src/mail/transport/fixtures/', import.meta.url);
/** Whoever is to trust these servers gets it as NODE_EXTRA_CA_CERTS. */
export const CA_FILE = fileURLToPath(new URL('ca.pem', CERTIFICATES));
const certificate = (name: string): string => readFileSync(new URL(name, CERTIFICATES), 'utf8');

class SmtpError extends Error {
  constructor(
    readonly responseCode: number,
    text: string,
  ) {
    super(text);
  }
}

/** A real SMTP server on a socket of the loopback address. */
export async function startSmtp(persona: Persona = {}): Promise<FakeSmtp> {
  const mails: ReceivedMail[] = [];
  const connections = { all: 0, most: 0, now: 0 };
  const signIns = { users: [] as string[], refused: 0 };
  const server = new SMTPServer({
    ...optionsOf(persona),
    onAuth(auth, session, done) {
      const settle: typeof done = (error, response) => {
        if (response?.user === undefined) signIns.refused += 1;
        else signIns.users.push(auth.username ?? '');
        done(error, response);
      };
      if (persona.oauth === undefined) byPassword(persona, auth, settle);
      else void byToken(persona.oauth, auth, settle);
    },
    onConnect(_session, done) {
      connections.all += 1;
      connections.now += 1;
      connections.most = Math.max(connections.most, connections.now);
      done();
    },
    onClose: () => (connections.now -= 1),
    onRcptTo(_address, _session, done) {
      done(persona.refuses === undefined ? null : new SmtpError(550, persona.refuses));
    },
    onData(stream, session, done) {
      void receive(stream, session).then(
        (mail) => {
          answer(persona, server, mail, mails, done);
        },
        (error: unknown) => {
          done(error instanceof Error ? error : new Error(String(error)));
        },
      );
    },
  });
  server.on('error', () => undefined); // clients that go away in the middle
  await new Promise<void>((resolve) => {
    server.listen(persona.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server.server),
    mails,
    connections,
    signIns,
    waitFor: (count, patienceMs) =>
      until(`${count} mails (there are ${mails.length})`, () => mails.length >= count && mails, patienceMs),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}

type Auth = Parameters<NonNullable<SMTPServerOptions['onAuth']>>[0];
type AuthDone = Parameters<NonNullable<SMTPServerOptions['onAuth']>>[2];

function byPassword({ user }: Persona, auth: Auth, done: AuthDone): void {
  const right = auth.username === user?.name && auth.password === user?.password;
  if (right) done(null, { user: auth.username });
  else done(new SmtpError(535, '5.7.8 Authentication credentials invalid'));
}

async function byToken({ accountOf, refuses, delegates = {} }: TokenTaker, auth: Auth, done: AuthDone): Promise<void> {
  const account = await accountOf(auth.accessToken ?? '').catch(() => undefined);
  const mailbox = auth.username ?? '';
  const may = account !== undefined && (account === mailbox || delegates[mailbox]?.includes(account) === true);
  if (may) done(null, { user: mailbox });
  else if (refuses === 'challenge')
    done(null, { data: { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' } });
  else done(new SmtpError(535, '5.7.3 Authentication unsuccessful'));
}

function optionsOf({ tls = 'none', user, oauth }: Persona): SMTPServerOptions {
  return {
    secure: tls === 'implicit',
    key: certificate('localhost-key.pem'),
    cert: certificate('localhost.pem'),
    disabledCommands: [
      ...(tls === 'none' ? ['STARTTLS'] : []),
      ...(user === undefined && oauth === undefined ? ['AUTH'] : []),
    ],
    ...(oauth === undefined ? {} : { authMethods: ['XOAUTH2'] }),
    authOptional: user === undefined && oauth === undefined,
    allowInsecureAuth: true,
    closeTimeout: 100,
  };
}

async function receive(stream: NodeJS.ReadableStream, session: SMTPServerSession): Promise<ReceivedMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  const mail = await simpleParser(Buffer.concat(chunks));
  return {
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    from: mail.from?.text ?? '',
    recipients: session.envelope.rcptTo.map((recipient) => recipient.address),
    mail,
    receivedAt: Date.now(),
  };
}

function answer(
  persona: Persona,
  server: SMTPServer,
  mail: ReceivedMail,
  mails: ReceivedMail[],
  done: (error?: Error | null) => void,
): void {
  if ((persona.greylists ?? 0) > 0) {
    persona.greylists = (persona.greylists ?? 0) - 1;
    done(new SmtpError(451, '4.7.1 Greylisted, come back later'));
    return;
  }
  mails.push(mail);
  if ((persona.dropsAfterData ?? 0) > 0) {
    persona.dropsAfterData = (persona.dropsAfterData ?? 0) - 1;
    for (const connection of server.connections) connection.close();
    return;
  }
  setTimeout(done, persona.slowMs ?? 0);
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the fake is not listening');
  return address.port;
}

/** Takes connections and never says a word. */
export async function startBlackHole(): Promise<{
  readonly port: number;
  readonly connections: () => number;
  stop(): Promise<void>;
}> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    connections: () => sockets.size,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
