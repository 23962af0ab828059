import type { RefusedRecipient } from '@signalpost/contracts';
import { deriveId, SUPPRESSED } from '@signalpost/rule-nodes';
import { EntityType } from '@signalpost/rule-nodes/runtime';

import type { QueueEntry } from '../../queue/index.js';
import type { MailFailure } from '../failures.js';

/** What a settled delivery tells the message that waited for it. */
export interface SettledMail {
  readonly tenantId: string;
  readonly deliveryId: string;
  readonly originator: { readonly type: string; readonly id: string } | null;
  readonly messageId: string | null;
  readonly reply: string | null;
  readonly accepted: readonly string[];
  readonly refused: readonly RefusedRecipient[];
  /** null: every recipient was accepted. */
  readonly failure: MailFailure | null;
}

/** Lists in metadata are JSON, as metadata holds strings alone. */
export function resumeEntry(mail: SettledMail, parkedId: string, now: number): QueueEntry {
  const { originator, failure } = mail;
  return {
    tenantId: mail.tenantId,
    message: {
      id: deriveId(mail.deliveryId, parkedId, 'resume', 0),
      ts: now,
      type: 'MAIL_SETTLED',
      originator: { entityType: EntityType.parse(originator?.type ?? 'TENANT'), id: originator?.id ?? mail.tenantId },
      customerId: null,
      metadata: {},
      dataType: 'JSON',
      data: null,
    },
    resume: { parkedId, label: labelOf(failure), metadata: metadataOf(mail) },
  };
}

function labelOf(failure: MailFailure | null): string {
  if (failure === null) return 'Success';
  return failure.code === 'alarm-muted' ? SUPPRESSED : 'Failure';
}

function metadataOf({ messageId, reply, accepted, refused, failure }: SettledMail): Record<string, string> {
  return {
    ...(messageId === null ? {} : { mailMessageId: messageId }),
    ...(reply === null ? {} : { mailReply: reply }),
    acceptedRecipients: JSON.stringify(accepted),
    refusedRecipients: JSON.stringify(refused),
    ...(failure === null ? {} : { [labelOf(failure) === SUPPRESSED ? 'mailSuppressed' : 'error']: failure.message }),
  };
}
