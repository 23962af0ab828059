import type { ComposedMail, MailTransport, SendResult } from '../mail-transport.js';
import { addressed } from './addressed.js';
import { ApiCaller, type ApiAccess, type Called } from './api-call.js';
import { GMAIL_RULES } from './classify-api.js';
import { ApiSends } from './api-sends.js';
import { uploadInParts } from './upload.js';

const SEND = '/gmail/v1/users/me/messages/send';
/** As base64 in JSON it becomes a third larger; Google bounds such requests at 5 MB. */
const LARGEST_IN_ONE = 3_500_000;
/** A multiple of 256 KiB (Google: "Upload attachments", resumable upload). */
const PART_BYTES = 16 * 256 * 1024;

/** Gmail API, `users.messages.send`: with the token of a mailbox, or of a service account that acts for it. */
export class GmailTransport implements MailTransport {
  readonly #api: ApiCaller;
  readonly #sends = new ApiSends();

  constructor(access: ApiAccess) {
    this.#api = new ApiCaller(access, GMAIL_RULES);
  }

  send(mail: ComposedMail): Promise<SendResult> {
    return this.#sends.run(mail, () => {
      const raw = addressed(mail.raw, mail.recipients);
      return raw.length <= LARGEST_IN_ONE ? this.#inOne(raw) : this.#inParts(raw);
    });
  }

  close(graceMs: number): Promise<void> {
    return this.#sends.drained(graceMs);
  }

  #inOne(raw: Buffer): Promise<Called> {
    return this.#api.call({
      method: 'POST',
      path: SEND,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ raw: raw.toString('base64url') }),
      sends: true,
    });
  }

  async #inParts(raw: Buffer): Promise<Called> {
    const opened = await this.#api.call({
      method: 'POST',
      path: `/upload${SEND}?uploadType=resumable`,
      headers: {
        'content-type': 'application/json',
        'x-upload-content-type': 'message/rfc822',
        'x-upload-content-length': String(raw.length),
      },
      body: '{}',
    });
    if (!opened.ok) return opened;
    return uploadInParts(this.#api, opened.answer.headers.get('location'), raw, PART_BYTES, true);
  }
}
