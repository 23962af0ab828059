import type { RefusedRecipient } from '@signalpost/contracts';
import type { EmailDraft } from '@signalpost/rule-nodes/runtime';

import type { MailGroup } from '../outbox-signal.js';
import type { ServerRef } from '../servers/choose-server.js';

/** Settings and sign-in of a server, as of one statement: what a transport is made for. */
export interface ServerVersion {
  readonly revision: number;
  /** null: does not sign in with OAuth 2.0. Grows with each token. */
  readonly grantRevision: number | null;
  /** When a person last consented, milliseconds since the epoch. */
  readonly consentedAt: number | null;
}

/** A group of which something waits. */
export interface WaitingGroup extends MailGroup {
  /** null: the server is gone. */
  readonly version: ServerVersion | null;
  readonly active: boolean;
  /** Of all instances together; null: no limit. */
  readonly messagesPerMinute: number | null;
  /** Until the first of them is due; 0 = now. By the database's clock. */
  readonly dueInMs: number;
}

/** How many of a group to claim. */
export interface Want extends MailGroup, Pick<WaitingGroup, 'version'> {
  readonly take: number;
}

/** Names one row for good: the partition by `createdAt`, the claim by `owner`. */
export interface DeliveryKey {
  readonly tenantId: string;
  readonly id: string;
  /** As PostgreSQL writes it: a JavaScript date would lose its microseconds. */
  readonly createdAt: string;
  readonly owner: number;
}

/** What a mail of the system is made of; `variables` are sealed. */
export interface SystemMailRef {
  readonly template: string;
  readonly language: string;
  readonly variables: string;
  /** Ids of servers of the system that refused it for good. */
  readonly refusedBy: readonly string[];
}

/** A mail that this process picked, to claim it, or has claimed. */
export interface ClaimedMail extends DeliveryKey {
  readonly server: ServerRef;
  readonly priority: number;
  readonly seq: string;
  /** Attempts before this one. */
  readonly attempts: number;
  readonly giveUpInMs: number;
  readonly alarmId: string | null;
  readonly parkedId: string | null;
  readonly originator: { readonly type: string; readonly id: string } | null;
  readonly draft: EmailDraft;
  /** null: a rule chain's mail, made of its draft. */
  readonly system: SystemMailRef | null;
  readonly recipients: readonly string[];
  readonly accepted: readonly string[];
  readonly refused: readonly RefusedRecipient[];
  /** null before the first attempt. */
  readonly messageId: string | null;
  /** As kept: sealed, where it is a mail of the system. */
  readonly raw: Buffer | null;
}

/** `kept`: what was made of it for its first attempt; null: it has its bytes already, or none can be made. */
export interface ToClaim {
  readonly mail: ClaimedMail;
  readonly kept: { readonly messageId: string; readonly raw: Buffer } | null;
}
