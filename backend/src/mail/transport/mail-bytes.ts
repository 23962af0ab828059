import type { Writable } from 'node:stream';

/**
 * Bytes in the shape of the stream that nodemailer's pool reads a mail from. A real stream of bytes that are all here costs
 * as much as the conversation with the server.
 */
export class MailBytes {
  /** As a `Readable` tells it: whether anything was read. */
  readableDidRead = false;

  constructor(private readonly bytes: Buffer) {}

  pipe(target: Writable): void {
    this.readableDidRead = true;
    target.end(this.bytes);
  }

  /** It cannot fail, so there is nothing to hear. */
  on(): this {
    return this;
  }

  removeListener(): this {
    return this;
  }

  destroy(): void {
    // nothing is held open
  }
}
