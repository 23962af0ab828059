import type { SmtpError } from './classify.js';

const MAX_REPLY = 500;

/** What a server said, fit to be shown: one line, short, and without the secret that a hostile server may echo. */
export class ReplyScrubber {
  readonly #secrets: readonly string[];

  /** @param username sent beside the password in one base64 text (RFC 4616) */
  constructor(username: string, password: string) {
    const spellings = [password, base64(password), base64(`\0${username}\0${password}`), encodeURIComponent(password)];
    this.#secrets = password === '' ? [] : [...new Set(spellings)].sort((one, other) => other.length - one.length);
  }

  scrub(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '…');
    return clean
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .toWellFormed()
      .slice(0, MAX_REPLY);
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

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
