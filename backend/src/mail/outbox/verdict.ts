import type { DeliveryState, RefusedRecipient } from '@signalpost/contracts';

import { concernsServer, mailFailure, type MailFailure } from '../failures.js';
import type { ServerRef } from '../servers/choose-server.js';
import type { RefusedByServer, SendResult } from '../transport/mail-transport.js';
import type { ClaimedMail } from './delivery-rows.js';
import { delayAfter, MAIL_BACK_OFF } from './retry-policy.js';

/** What becomes of a mail after an attempt. */
export interface Verdict {
  readonly state: Extract<DeliveryState, 'waiting' | 'accepted' | 'refused' | 'expired'>;
  /** Until the next attempt, when waiting. */
  readonly nextInMs: number;
  readonly reply: string | null;
  readonly failure: MailFailure | null;
  readonly accepted: readonly string[];
  readonly refused: readonly RefusedRecipient[];
  /** A mail of the system goes on over another server. */
  readonly moveTo?: ServerMove;
}

export interface ServerMove {
  readonly server: ServerRef;
  /** Those that refused it for good. */
  readonly refusedBy: readonly string[];
}

/** The recipients that no answer was given for yet. */
export function openRecipients({
  recipients,
  accepted,
  refused,
}: Pick<ClaimedMail, 'recipients' | 'accepted' | 'refused'>): string[] {
  const answered = new Set([...accepted, ...refused.map(({ address }) => address)]);
  return recipients.filter((address) => !answered.has(address));
}

/**
 * Success is acceptance for all recipients; those put off are tried again without bothering the others; refused for good
 * by any is a failure in the end; a copy that the server's settings add is no recipient in that sense. What concerns the server does not lengthen this mail's own back-off.
 * @param serverDelayMs how long the server is left alone, when the failure concerns it
 */
export function judge(mail: ClaimedMail, result: SendResult, serverDelayMs: number): Verdict {
  const taken = merge(mail, result);
  const failure = failureOf(mail, result, taken);
  if (failure === null) return { ...taken, state: 'accepted', nextInMs: 0, reply: result.reply, failure };
  const settled = { ...taken, nextInMs: 0, reply: result.reply };
  if (!failure.retryable) return { ...settled, state: 'refused', failure };
  const nextInMs = concernsServer(failure) ? serverDelayMs : delayAfter(mail.attempts + 1, MAIL_BACK_OFF);
  if (nextInMs >= mail.giveUpInMs)
    return { ...settled, state: 'expired', failure: mailFailure('expired', `Last: ${failure.message}`) };
  return { ...settled, state: 'waiting', nextInMs, failure };
}

type Taken = Pick<Verdict, 'accepted' | 'refused'>;

function merge(mail: ClaimedMail, result: SendResult): Taken {
  const final = result.refused
    .filter((refused) => !refused.temporary)
    .map(({ address, reply }) => ({ address, reply }));
  return { accepted: [...mail.accepted, ...(result.ok ? result.accepted : [])], refused: [...mail.refused, ...final] };
}

function failureOf(mail: ClaimedMail, result: SendResult, taken: Taken): MailFailure | null {
  const open = openRecipients({ ...mail, ...taken });
  if (!result.ok && open.length > 0) return result.failure;
  if (open.length > 0)
    return mailFailure('recipient-deferred', told(result.refused.filter(({ temporary }) => temporary)));
  const asked = taken.refused.filter(({ address }) => mail.recipients.includes(address));
  return asked.length > 0 ? mailFailure('recipient-refused', told(asked)) : null;
}

const MAX_TOLD = 5;
const told = (refused: readonly (RefusedRecipient | RefusedByServer)[]): string =>
  refused
    .slice(0, MAX_TOLD)
    .map(({ address, reply }) => `${address}: ${reply}`)
    .join('; ') + (refused.length > MAX_TOLD ? '; …' : '');
