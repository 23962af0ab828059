import type { RefusedRecipient } from '@signalpost/contracts';

import type { MailFailure } from '../failures.js';

/** A mail as it goes over the wire. `raw` and `messageId` stay the same however often it is sent. */
export interface ComposedMail {
  /** MAIL FROM. */
  readonly sender: string;
  /** RCPT TO: plain addresses. */
  readonly recipients: readonly string[];
  readonly messageId: string;
  readonly raw: Buffer;
}

/** A recipient that the server did not take; `temporary` ones may be tried again. */
export interface RefusedByServer extends RefusedRecipient {
  readonly temporary: boolean;
}

/** The server has the mail for the accepted recipients. */
export interface Receipt {
  readonly ok: true;
  readonly reply: string;
  readonly accepted: readonly string[];
  readonly refused: readonly RefusedByServer[];
}

/** The server has it for nobody (or nobody knows: code `outcome-unknown`). */
export interface NotSent {
  readonly ok: false;
  readonly failure: MailFailure;
  readonly reply: string | null;
  readonly refused: readonly RefusedByServer[];
  /** How long the server wants to be left alone, where it says. */
  readonly retryAfterMs?: number;
}

export type SendResult = Receipt | NotSent;

/** Sends over one revision of one server. Never throws. */
export interface MailTransport {
  send(mail: ComposedMail): Promise<SendResult>;
  /** Takes no more mails, waits for those under way, then hangs up; after `graceMs` it hangs up on them, too. */
  close(graceMs: number): Promise<void>;
}
