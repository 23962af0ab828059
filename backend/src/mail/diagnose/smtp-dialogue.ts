import type { Socket } from 'node:net';

import { DoctorStop, stopAt } from './observation.js';
import { readReply, replyText, type SmtpReply } from './smtp-reply.js';
import type { Transcript } from './transcript.js';

/** Of one reply that is still coming. */
const MAX_BUFFERED_BYTES = 64 * 1024;

type Waiting = { readonly resolve: (reply: SmtpReply) => void; readonly reject: (error: Error) => void };

/**
 * One side of an SMTP conversation, one command at a time (RFC 5321), with bounds on time and size. It writes the
 * transcript; what is secret in a command is never handed to it.
 */
export class SmtpDialogue {
  #buffer: Buffer = Buffer.alloc(0);
  #waiting: Waiting | undefined;
  #ended: Error | undefined;
  readonly #onData = (chunk: Buffer): void => this.#take(chunk);
  readonly #onEnd = (): void => this.#end(stopAt('hung-up', 'The server closed the connection.'));
  readonly #onError = (error: Error & { code?: string }): void =>
    this.#end(
      new DoctorStop(
        { fact: 'hung-up', error: { code: error.code ?? '', message: error.message } },
        'The connection broke.',
      ),
    );

  constructor(
    private readonly socket: Socket,
    private readonly transcript: Transcript,
  ) {
    socket.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onEnd).on('error', this.#onError);
  }

  /** Bytes that came although nobody asked. */
  get unread(): number {
    return this.#buffer.length;
  }

  /** @param shown what the transcript says in place of a line that holds a secret */
  command(line: string, timeoutMs: number, shown = line): Promise<SmtpReply> {
    this.transcript.add('client', shown);
    if (this.#ended === undefined) this.socket.write(`${line}\r\n`);
    return this.reply(timeoutMs, 'reply-timeout');
  }

  /** The next reply. @throws DoctorStop in time, whatever the server does */
  async reply(timeoutMs: number, onSilence: 'silent' | 'reply-timeout'): Promise<SmtpReply> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(stopAt(onSilence, `The server said nothing for ${timeoutMs / 1000} s.`)),
        timeoutMs,
      );
    });
    try {
      const reply = await Promise.race([this.#next(), silence]);
      this.#write(reply);
      return reply;
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
    }
  }

  /** Lets go of the socket, for TLS to take it over; what is unread is thrown away (RFC 3207 §4.2). */
  detach(): Socket {
    const { socket } = this;
    socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onEnd).off('error', this.#onError);
    return socket.pause();
  }

  #next(): Promise<SmtpReply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#serve();
    });
  }

  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    if (this.#buffer.length > MAX_BUFFERED_BYTES) this.socket.pause();
    this.#serve();
  }

  #serve(): void {
    if (this.#waiting === undefined) return;
    const read = readReply(this.#buffer);
    if (read.kind === 'reply') {
      this.#buffer = read.rest;
      this.#settle(({ resolve }) => resolve(read.reply));
      this.socket.resume();
    } else if (read.kind === 'fault') this.#settle(({ reject }) => reject(this.#faulty(read)));
    else if (this.#ended !== undefined) {
      const ended = this.#ended;
      this.#settle(({ reject }) => reject(ended));
    }
  }

  #faulty({ fault, text }: { fault: 'not-smtp' | 'reply-too-long'; text: string }): DoctorStop {
    const shown = this.transcript.hidesAnything ? '(not shown)' : this.transcript.clean(text);
    this.transcript.add('server', shown);
    return stopAt(fault, fault === 'not-smtp' ? `This is not SMTP: ${shown.slice(0, 100)}` : 'The reply does not end.');
  }

  #settle(settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) settle(waiting);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#serve();
  }

  #write({ code, lines }: SmtpReply): void {
    lines.forEach((line, index) =>
      this.transcript.add('server', `${code}${index < lines.length - 1 ? '-' : ' '}${line}`),
    );
  }
}

/** A reply that is not of the class wanted stops the visit. */
export function expectReply(reply: SmtpReply, wanted: 2 | 3, transcript: Transcript): SmtpReply {
  if (Math.floor(reply.code / 100) === wanted) return reply;
  throw new DoctorStop({ reply }, `The server says: ${transcript.clean(replyText(reply))}`);
}
