import { mailFailure } from '../../failures.js';
import type { ComposedMail, MailTransport, SendResult } from '../mail-transport.js';
import { addressed } from './addressed.js';
import { ApiCaller, notSent, type ApiAccess, type Called } from './api-call.js';
import { ApiSends } from './api-sends.js';
import { GRAPH_RULES } from './classify-api.js';
import { draftOf, type GraphAttachment } from './graph-draft.js';
import { uploadInParts } from './upload.js';

/** Microsoft bounds a request at 4 MB; base64 makes MIME a third larger. */
const LARGEST_IN_ONE = 3_000_000;
/** Of an attachment in a request of its own. */
const LARGEST_ATTACHMENT_IN_ONE = 2_900_000;
/** A multiple of 320 KiB below 4 MB (Microsoft: "Attach large files to Outlook messages"). */
const PART_BYTES = 10 * 320 * 1024;
const JSON_BODY = { 'content-type': 'application/json' };

/** @param mailbox null: the one whose token it is */
export const graphOwner = (mailbox: string | null): string =>
  `/v1.0/${mailbox === null ? 'me' : `users/${encodeURIComponent(mailbox)}`}`;

/**
 * Microsoft Graph, `sendMail` with MIME. A larger mail becomes a draft, gets its attachments one by one (an upload session
 * each above 3 MB) and is sent then; that needs `Mail.ReadWrite` besides `Mail.Send`.
 */
export class GraphTransport implements MailTransport {
  readonly #api: ApiCaller;
  readonly #sends = new ApiSends();
  readonly #owner: string;

  /** @param mailbox whose mailbox sends; null: the one whose token it is (`/me`) */
  constructor(access: ApiAccess, mailbox: string | null) {
    this.#api = new ApiCaller(access, GRAPH_RULES);
    this.#owner = graphOwner(mailbox);
  }

  send(mail: ComposedMail): Promise<SendResult> {
    return this.#sends.run(mail, async () =>
      mail.raw.length <= LARGEST_IN_ONE ? this.#inOne(mail) : ofLargeMail(await this.#asDraft(mail)),
    );
  }

  close(graceMs: number): Promise<void> {
    return this.#sends.drained(graceMs);
  }

  #inOne(mail: ComposedMail): Promise<Called> {
    return this.#api.call({
      method: 'POST',
      path: `${this.#owner}/sendMail`,
      headers: { 'content-type': 'text/plain' },
      body: addressed(mail.raw, mail.recipients).toString('base64'),
      sends: true,
    });
  }

  async #asDraft(mail: ComposedMail): Promise<Called> {
    const { message, attachments } = await draftOf(mail);
    const path = `${this.#owner}/messages`;
    const made = await this.#api.call({ method: 'POST', path, headers: JSON_BODY, body: JSON.stringify(message) });
    if (!made.ok) return made;
    const id = idOf(made.answer.body);
    if (id === null) return notSent(mailFailure('api-fault', 'It did not name the draft.'));
    const draft = `${path}/${encodeURIComponent(id)}`;
    const attached = await this.#attach(draft, attachments);
    if (attached.ok) return this.#api.call({ method: 'POST', path: `${draft}/send`, sends: true });
    await this.#api.call({ method: 'DELETE', path: draft });
    return attached;
  }

  async #attach(
    draft: string,
    attachments: readonly GraphAttachment[],
  ): Promise<{ readonly ok: true } | Exclude<Called, { ok: true }>> {
    for (const attachment of attachments) {
      const small = attachment.bytes.length <= LARGEST_ATTACHMENT_IN_ONE;
      const called = await (small ? this.#attachSmall(draft, attachment) : this.#attachLarge(draft, attachment));
      if (!called.ok) return called;
    }
    return { ok: true };
  }

  #attachSmall(draft: string, { bytes, ...about }: GraphAttachment): Promise<Called> {
    const body = { '@odata.type': '#microsoft.graph.fileAttachment', ...about, contentBytes: bytes.toString('base64') };
    const path = `${draft}/attachments`;
    return this.#api.call({ method: 'POST', path, headers: JSON_BODY, body: JSON.stringify(body) });
  }

  async #attachLarge(draft: string, { bytes, ...about }: GraphAttachment): Promise<Called> {
    const AttachmentItem = { attachmentType: 'file', size: bytes.length, ...about };
    const path = `${draft}/attachments/createUploadSession`;
    const opened = await this.#api.call({
      method: 'POST',
      path,
      headers: JSON_BODY,
      body: JSON.stringify({ AttachmentItem }),
    });
    if (!opened.ok) return opened;
    const { uploadUrl } = Object(opened.answer.body) as { uploadUrl?: unknown }; // Object() makes any value indexable; checked below
    return uploadInParts(this.#api, typeof uploadUrl === 'string' ? uploadUrl : null, bytes, PART_BYTES, false);
  }
}

/** The right that drafts need says nothing about other mails: they go on. */
function ofLargeMail(called: Called): Called {
  if (called.ok || called.failure.code !== 'api-forbidden') return called;
  return { ...called, failure: mailFailure('large-mail-forbidden', called.reply ? `It says: ${called.reply}` : '') };
}

function idOf(body: unknown): string | null {
  const { id } = Object(body) as { id?: unknown }; // Object() makes any value indexable; checked below
  return typeof id === 'string' ? id : null;
}
