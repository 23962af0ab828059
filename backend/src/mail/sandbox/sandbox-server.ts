import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import { errorCode, StartError } from '../../config/index.js';
import type { Log } from '../../http/index.js';
import type { Inbox } from '../inbox/inbox.js';
import type { SandboxAccess } from '../servers/mail-route.js';
import type { SandboxPasswords } from './sandbox-passwords.js';

const HOST = '127.0.0.1';
const MAX_MAIL_BYTES = 30 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 1_000;

class TooLargeError extends Error {}

/**
 * The SMTP server inside the product: what is sent to it ends in the inbox page of the tenant that signed in. It is a real
 * server on a socket, so that a sandbox shows what a provider would have got.
 */
export class SandboxServer implements SandboxAccess {
  readonly host = HOST;
  readonly #server: SMTPServer;
  #port = 0;

  constructor(
    private readonly wantedPort: number,
    private readonly passwords: SandboxPasswords,
    private readonly inbox: Inbox,
    private readonly log: Pick<Log, 'error'>,
  ) {
    this.#server = new SMTPServer({
      banner: 'Signalpost sandbox',
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      disableReverseLookup: true,
      size: MAX_MAIL_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
      onAuth: ({ username, password }, _session, done) => {
        if (username && password && this.passwords.fits(username, password)) done(null, { user: username });
        else done(new Error('Wrong user or password'));
      },
      onData: (stream, session, done) => {
        this.#receive(stream, session).then(
          () => done(),
          (error: unknown) => {
            if (error instanceof TooLargeError) return done(Object.assign(error, { responseCode: 552 }));
            this.log.error({ err: error }, 'The sandbox could not keep a mail');
            return done(Object.assign(new Error('The sandbox cannot keep mails now'), { responseCode: 451 }));
          },
        );
      },
    });
    this.#server.on('error', (error) => this.log.error({ err: error }, 'The sandbox mail server met an error'));
  }

  get port(): number {
    return this.#port;
  }

  passwordOf(tenantId: string): string {
    return this.passwords.of(tenantId);
  }

  /** @throws StartError when the port is taken */
  async start(): Promise<void> {
    try {
      const listening = once(this.#server.server, 'listening');
      this.#server.listen(this.wantedPort, HOST);
      await listening;
    } catch (error) {
      const told = `The sandbox mail server cannot listen on ${HOST}:${this.wantedPort} (${errorCode(error) ?? 'unknown error'}).`;
      throw new StartError(`${told} Set SANDBOX_SMTP_PORT to a free port; 0 takes any.`);
    }
    this.#port = (this.#server.server.address() as AddressInfo).port; // a TCP server's address
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  async #receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk); // a byte stream, typed `any`
    if (stream.sizeExceeded) throw new TooLargeError('The mail is too large');
    const { mailFrom, rcptTo } = session.envelope;
    const tenantId = session.user as string; // as onAuth set it, typed `any`
    await this.inbox.add(tenantId, {
      sender: mailFrom === false ? '' : mailFrom.address,
      recipients: rcptTo.map(({ address }) => address),
      raw: Buffer.concat(chunks),
    });
  }
}
