import type { EmailDraft } from '@signalpost/rule-nodes/runtime';

import type { MailFailure } from '../failures.js';
import type { ClaimedMail, SystemMailRef } from './delivery-rows.js';

/** What a mail says. `text`: the plain-text part where it is not made of the HTML. */
export interface MailContent {
  readonly draft: EmailDraft;
  readonly text?: string;
}

/** Makes what the system's mails say out of template, language and sealed variables; bound by the templates room. */
export interface SystemMailContents {
  contentOf(mail: ClaimedMail, system: SystemMailRef): Promise<MailContent | MailFailure>;
  /** The bytes of such a mail hold its links and codes: they are kept sealed. */
  sealBytes(mail: ClaimedMail, raw: Buffer): Buffer;
  openBytes(mail: ClaimedMail, kept: Buffer): Buffer | MailFailure;
}
