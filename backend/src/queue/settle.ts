import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

import type { UnitOfWork } from '../db/index.js';
import type { Next, QueueClaims } from './claim.js';
import type { DeadLetter, DeadLetters } from './dead-letters.js';
import { toColumns } from './entry-rows.js';
import { enqueueSlow } from './pg-queue.js';
import type { Batch, ClaimedEntry, Verdict } from './queue-types.js';
import type { WakeUp } from './wake-up.js';
import { SLOW_PARTITION } from './partitions.js';

/** Seconds that an originator is held back after its first, second … failure. */
const HOLD_SECONDS = [2, 6, 14, 30];
/** Tries of one message. */
export const MOST_ATTEMPTS = HOLD_SECONDS.length + 1;
/** An originator that has failed for so long is not held back any more: the message at its head is filed. */
const LONGEST_HOLD_SECONDS = 60;

/** Ends a batch: everything in the transaction of its effects. */
export class Settlement {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly wakeUp: WakeUp,
    private readonly claims: Pick<QueueClaims, 'advance'>,
  ) {}

  /**
   * Holds back what is to be retried, files what is dead, moves what is slow, acknowledges what ran to its end. The last
   * statement of the transaction, which also takes the next batch.
   *
   * @param next where to take it from; the batch's own partitions may be among them
   * @throws FencedError the claim is not ours any more; roll back
   */
  async settle(uow: UnitOfWork, batch: Batch, verdicts: readonly Verdict[], next: Next | null): Promise<Batch | null> {
    const exhausted = await this.#hold(uow, verdicts);
    await this.deadLetters.file(uow, [...verdicts.flatMap(lettersOf), ...exhausted.map(letterOfRetry)]);
    await this.#moveToSlowLane(uow, verdicts);
    const kept = new Set(
      verdicts.filter((verdict) => verdict.retry && !exhausted.includes(verdict)).map((verdict) => verdict.entry),
    );
    const ran = batch.entries.filter((entry) => !kept.has(entry));
    return this.claims.advance(uow, batch, ran, next);
  }

  /** @returns the verdicts whose message has had its tries */
  async #hold(uow: UnitOfWork, verdicts: readonly Verdict[]): Promise<Verdict[]> {
    const exhausted: Verdict[] = [];
    for (const verdict of verdicts) {
      if (verdict.retry && !(await holdOriginator(uow, verdict.entry, verdict.retry))) exhausted.push(verdict);
    }
    return exhausted;
  }

  async #moveToSlowLane(uow: UnitOfWork, verdicts: readonly Verdict[]): Promise<void> {
    const slow = verdicts.flatMap(({ entry, slow: starts }) =>
      starts && starts.length > 0 ? [{ tenantId: entry.tenantId, message: entry.message, starts }] : [],
    );
    if (slow.length === 0) return;
    await uow.query(enqueueSlow, toColumns(slow));
    uow.afterCommit(() => this.wakeUp.wake([SLOW_PARTITION]));
  }
}

/** The message stays at its place in the queue and its originator waits with it. @returns false after the last try */
export async function holdOriginator(
  uow: UnitOfWork,
  entry: ClaimedEntry,
  starts: Verdict['retry'] | null,
): Promise<boolean> {
  const seconds = HOLD_SECONDS[entry.attempts];
  if (seconds === undefined) return false;
  const [hold] = await uow.query<{ worn_out: boolean }>(
    `INSERT INTO queue_hold AS h (tenant_id, originator_id, until) VALUES ($1, $2, now() + make_interval(secs => $3))
     ON CONFLICT (tenant_id, originator_id) DO UPDATE SET until = excluded.until
     RETURNING h.first_failed_at < now() - make_interval(secs => ${LONGEST_HOLD_SECONDS}) AS worn_out`,
    [entry.tenantId, entry.message.originator.id, seconds],
  );
  if (hold?.worn_out) return false;
  await uow.query(
    `UPDATE queue_message SET attempts = attempts + 1, starts = coalesce($4::json, starts), resume = CASE WHEN $4 IS NULL THEN resume END
     WHERE partition = $1 AND tenant_id = $2 AND seq = $3`,
    [entry.partition, entry.tenantId, entry.seq, starts?.length ? JSON.stringify(starts) : null],
  );
  return true;
}

function lettersOf({ entry, dead = [] }: Verdict): DeadLetter[] {
  return dead.map(({ starts, failure }) => ({
    tenantId: entry.tenantId,
    message: starts?.[0]?.message ?? entry.message,
    starts,
    failure,
  }));
}

function letterOfRetry({ entry, retry = [], retryFailure }: Verdict): DeadLetter {
  const failure: NodeFailure = retryFailure ?? {
    code: 'attempts-exhausted',
    message: 'The message failed too often.',
    retryable: true,
  };
  return { tenantId: entry.tenantId, message: entry.message, starts: retry.length > 0 ? retry : null, failure };
}
