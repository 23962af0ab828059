import type { Duplex } from 'node:stream';

/** Three bytes are written for one at most: a lone CR before a dot (RFC 5321 §4.5.2 doubles the dot). What has no room is passed on as it comes. */
const MOST_GROWTH = 3;

/**
 * nodemailer's filter of a mail's bytes passes the mail on, and then the dot that ends it. Both at once are one packet, one call of
 * the system and one wake-up of the server less for each mail.
 */
function passOnWhole(filter: Duplex): void {
  filter.pause();
  filter.once('finish', () => {
    filter.read(); // all that was held back, as one piece to whoever listens
    filter.resume();
  });
}

/**
 * Bytes in the shape of the stream that nodemailer's pool reads a mail from. A real stream of bytes that are all here costs
 * as much as the conversation with the server.
 */
export class MailBytes {
  /** As a `Readable` tells it: whether anything was read. */
  readableDidRead = false;

  constructor(private readonly bytes: Buffer) {}

  pipe(target: Duplex): void {
    this.readableDidRead = true;
    if (this.bytes.length * MOST_GROWTH < target.readableHighWaterMark) passOnWhole(target);
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
