import { Redactor } from '../redactor.js';
import type { SmtpError } from './classify.js';

const MAX_REPLY = 500;

/** What a server said, fit to be shown: one line, short, and without the secret that a hostile server may echo. */
export class ReplyScrubber {
  readonly #secrets = new Redactor();
  #last = '';

  /** @param username sent beside the password in one base64 text (RFC 4616) */
  constructor(username: string, password: string) {
    if (password === '') return;
    this.#secrets.add(password);
    this.#secrets.add(`\0${username}\0${password}`);
  }

  /** A token that is about to be sent. */
  hide(secret: string): void {
    if (secret === this.#last) return;
    this.#last = secret;
    this.#secrets.add(secret);
  }

  scrub(text: string): string {
    return this.#secrets.clean(text, MAX_REPLY);
  }
}

/** Reads an error of nodemailer or Node without believing its shape. */
export function readSmtpError(error: unknown, scrubber: ReplyScrubber): SmtpError {
  const {
    message = '',
    code = '',
    originalCode = '',
    command = '',
    response = '',
    responseCode = 0,
  } = Object(error) as Record<string, unknown>; // Object() makes any value indexable; each part is checked below
  const reply = scrubber.scrub(text(response));
  return {
    code: text(code),
    originalCode: text(originalCode),
    command: text(command),
    responseCode: typeof responseCode === 'number' ? responseCode : 0,
    reply: reply === '' ? null : reply,
    message: scrubber.scrub(text(message)),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
