import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

import type { UnitOfWork } from '../db/index.js';
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

/** Another instance has taken the partition over: nothing of this batch may be committed. */
export class FencedError extends Error {
  constructor(partition: number) {
    super(
      `Another instance has taken over partition ${partition}; this batch is given up, its messages are run there.`,
    );
  }
}

const ACKNOWLEDGE = {
  name: 'queue-acknowledge',
  text: `
    WITH done AS (
      DELETE FROM queue_message m USING unnest($4::uuid[], $5::bigint[]) AS ran (tenant_id, seq)
      WHERE m.partition = $1 AND m.tenant_id = ran.tenant_id AND m.seq = ran.seq
      RETURNING m.tenant_id, m.originator_id
    ), unheld AS (
      DELETE FROM queue_hold h USING done WHERE h.tenant_id = done.tenant_id AND h.originator_id = done.originator_id
    )
    UPDATE queue_partition SET claimed = '{}', owner = NULL
    WHERE partition = $1 AND fencing = $2 AND owner = $3
    RETURNING partition`,
};

/** Ends a batch: everything in the transaction of its effects. */
export class Settlement {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly wakeUp: WakeUp,
  ) {}

  /**
   * Acknowledges what ran to its end, holds back what is to be retried, files what is dead, moves what is slow.
   * @throws FencedError the claim is not ours any more; roll back
   */
  async settle(uow: UnitOfWork, batch: Batch, instanceId: number, verdicts: readonly Verdict[]): Promise<void> {
    const exhausted = await this.#hold(uow, batch, verdicts);
    await this.deadLetters.file(uow, [...verdicts.flatMap(lettersOf), ...exhausted.map(letterOfRetry)]);
    await this.#moveToSlowLane(uow, verdicts);
    const kept = new Set(
      verdicts.filter((verdict) => verdict.retry && !exhausted.includes(verdict)).map((verdict) => verdict.entry),
    );
    await this.#acknowledge(
      uow,
      batch,
      instanceId,
      batch.entries.filter((entry) => !kept.has(entry)),
    );
  }

  async #acknowledge(uow: UnitOfWork, batch: Batch, instanceId: number, ran: readonly ClaimedEntry[]): Promise<void> {
    const rows = await uow.query(ACKNOWLEDGE, [
      batch.partition,
      batch.fencing,
      instanceId,
      ran.map((entry) => entry.tenantId),
      ran.map((entry) => entry.seq),
    ]);
    if (rows.length === 0) throw new FencedError(batch.partition);
  }

  /** @returns the verdicts whose message has had its tries */
  async #hold(uow: UnitOfWork, batch: Batch, verdicts: readonly Verdict[]): Promise<Verdict[]> {
    const exhausted: Verdict[] = [];
    for (const verdict of verdicts) {
      if (verdict.retry && !(await holdOriginator(uow, batch.partition, verdict.entry, verdict.retry)))
        exhausted.push(verdict);
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
  partition: number,
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
    [partition, entry.tenantId, entry.seq, starts?.length ? JSON.stringify(starts) : null],
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
