import type { EmailDraft } from '@signalpost/rule-nodes/runtime';

import { parseMailboxes, type Mailbox } from '../addresses.js';
import { readInlineImages } from '../compose/inline-images.js';
import { mailFailure, type MailFailure } from '../failures.js';

/** RFC 5321 §4.5.3.1.8: every server takes this many in one mail. */
const MAX_RECIPIENTS = 100;
/** A word of this length still fits a header line (RFC 5322 §2.1.1: 998). */
const MAX_SUBJECT = 500;

export interface CheckedDraft {
  readonly draft: EmailDraft;
  readonly subject: string;
  /** Every recipient once, bcc included: what the envelope names. */
  readonly recipients: readonly string[];
}

export interface DraftAddresses {
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
}

/** Whether a mail can be made of it. The sender's address is checked, too, though a server may put its own in its place. */
export function checkDraft(given: EmailDraft): CheckedDraft | MailFailure {
  const draft = storable(given);
  const addresses = draftAddresses(draft);
  if ('code' in addresses) return addresses;
  const from = parseMailboxes(draft.from ?? '');
  if (!from.ok) return from.failure;
  if (from.value.length > 1) return mailFailure('address-invalid', 'From has more than one address.');
  const images = readInlineImages(draft.images);
  if ('code' in images) return images;
  const recipients = [...new Set([...addresses.to, ...addresses.cc, ...addresses.bcc].map(({ address }) => address))];
  if (recipients.length === 0) return mailFailure('no-recipient');
  if (recipients.length > MAX_RECIPIENTS)
    return mailFailure('too-many-recipients', `${recipients.length} are more than ${MAX_RECIPIENTS}.`);
  return { draft, subject: subjectText(draft.subject), recipients };
}

export function draftAddresses(draft: EmailDraft): DraftAddresses | MailFailure {
  const [to, cc, bcc] = [draft.to, draft.cc, draft.bcc].map((text) => parseMailboxes(text ?? ''));
  for (const parsed of [to, cc, bcc]) if (parsed?.ok === false) return parsed.failure;
  return { to: to?.ok ? to.value : [], cc: cc?.ok ? cc.value : [], bcc: bcc?.ok ? bcc.value : [] };
}

/** Device values end up in subjects: a line break in one is a blank, never a header of its own. */
export function subjectText(subject: string | null | undefined): string {
  const line = (subject ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= MAX_SUBJECT ? line : `${line.slice(0, MAX_SUBJECT - 1).toWellFormed()}…`;
}

/** PostgreSQL's json has no NUL and no half surrogate pairs; neither has a mail. Addresses keep theirs, to be refused. */
function storable(draft: EmailDraft): EmailDraft {
  const images =
    draft.images && Object.fromEntries(Object.entries(draft.images).map(([cid, data]) => [clean(cid), clean(data)]));
  return { ...draft, subject: clean(draft.subject ?? ''), body: clean(draft.body ?? ''), images };
}

const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();
