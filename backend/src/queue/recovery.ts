import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

import { type Database, type Instance, LIVE_INSTANCES_SQL, type UnitOfWork } from '../db/index.js';
import type { DeadLetters } from './dead-letters.js';
import { type EntryRow, fromRow } from './entry-rows.js';
import { FencedError } from './fenced-error.js';
import type { Batch, ClaimedEntry } from './queue-types.js';
import { holdOriginator } from './settle.js';
import type { WakeUp } from './wake-up.js';

/** Deaths of the process with the same message alone under way, after which the message is filed. */
const MOST_CRASHES = 2;

interface Orphan {
  partition: number;
  claimed: string[];
  /** They were one message, and the only one of its batch. */
  alone: boolean;
  /** Claimed by this instance. */
  own: boolean;
}

/**
 * What happens to a batch that did not commit: its messages are run again one at a time, so that the one that is to blame
 * shows itself and harms no other.
 */
export class Recovery {
  constructor(
    private readonly database: Database,
    private readonly instance: Instance,
    private readonly deadLetters: DeadLetters,
    private readonly wakeUp: WakeUp,
  ) {}

  /**
   * Takes over the partitions of instances that died, and those of this one that it does not work on: a batch whose end
   * could not be written.
   *
   * @param isBusy whether this instance works on a partition; asked while the row is held, so that a claim made meanwhile
   *   counts
   */
  async adoptOrphans(isBusy: (partition: number) => boolean = () => false): Promise<void> {
    await this.database.transaction(async (uow) => {
      const candidates = await uow.query<Orphan>(
        `SELECT partition, claimed, alone, owner = $1 AS own FROM queue_partition
         WHERE owner = $1 OR owner NOT IN ${LIVE_INSTANCES_SQL} FOR UPDATE SKIP LOCKED`,
        [this.instance.id],
      );
      const orphans = candidates.filter(({ own, partition }) => !own || !isBusy(partition));
      for (const orphan of orphans) await this.#adopt(uow, orphan);
      uow.afterCommit(() => this.wakeUp.wake(orphans.map((orphan) => orphan.partition)));
    });
  }

  /** A batch of this instance ended with an exception: nothing of it was committed. */
  async fail(batch: Batch, failure: NodeFailure): Promise<void> {
    await this.database.transaction(async (uow) => {
      await this.#free(uow, batch);
      const [only, ...others] = batch.entries;
      if (only !== undefined && others.length === 0) await this.#failAlone(uow, only, failure);
      else await runAlone(uow, batch.entries);
    });
    this.wakeUp.wake(batch.claims.map(({ partition }) => partition));
  }

  /** Gives a batch back untouched: the database was out of reach, no message is to blame. */
  async putBack(batch: Batch): Promise<void> {
    await this.database.transaction((uow) => this.#free(uow, batch));
  }

  async #free(uow: UnitOfWork, { claims }: Batch): Promise<void> {
    const partitions = claims.map(({ partition }) => partition);
    const rows = await uow.query(
      `UPDATE queue_partition p SET claimed = '{}', owner = NULL
       FROM unnest($1::smallint[], $2::bigint[]) AS claim (partition, fencing)
       WHERE p.partition = claim.partition AND p.fencing = claim.fencing AND p.owner = $3 RETURNING p.partition`,
      [partitions, claims.map(({ fencing }) => fencing), this.instance.id],
    );
    if (rows.length < claims.length) throw new FencedError(partitions);
  }

  async #failAlone(uow: UnitOfWork, entry: ClaimedEntry, failure: NodeFailure): Promise<void> {
    if (!(await holdOriginator(uow, entry, null))) await this.#file(uow, entry, failure);
  }

  async #adopt(uow: UnitOfWork, { partition, claimed, alone }: Orphan): Promise<void> {
    await uow.query(`UPDATE queue_partition SET claimed = '{}', owner = NULL WHERE partition = $1`, [partition]);
    if (alone) await this.#countCrash(uow, partition, claimed);
    else
      await runAlone(
        uow,
        claimed.map((seq) => ({ partition, seq })),
      );
  }

  async #countCrash(uow: UnitOfWork, partition: number, claimed: string[]): Promise<void> {
    const [row] = await uow.query<EntryRow & { crashes: number }>(
      `UPDATE queue_message SET crashes = crashes + 1, solo = true WHERE partition = $1 AND seq = ANY($2) RETURNING *`,
      [partition, claimed],
    );
    if (row === undefined || row.crashes < MOST_CRASHES) return;
    await this.#file(uow, fromRow(row), {
      code: 'process-died',
      message: `The process died ${MOST_CRASHES} times while it worked on this message alone. Look into the log of those times before you replay it.`,
      retryable: false,
    });
  }

  async #file(uow: UnitOfWork, entry: ClaimedEntry, failure: NodeFailure): Promise<void> {
    const { partition, tenantId, message, starts = null, seq } = entry;
    await this.deadLetters.file(uow, [{ tenantId, message, starts, failure }]);
    await uow.query('DELETE FROM queue_message WHERE partition = $1 AND tenant_id = $2 AND seq = $3', [
      partition,
      tenantId,
      seq,
    ]);
  }
}

async function runAlone(uow: UnitOfWork, entries: readonly Pick<ClaimedEntry, 'partition' | 'seq'>[]): Promise<void> {
  await uow.query(
    `UPDATE queue_message m SET solo = true FROM unnest($1::smallint[], $2::bigint[]) AS one (partition, seq)
     WHERE m.partition = one.partition AND m.seq = one.seq`,
    [entries.map(({ partition }) => partition), entries.map(({ seq }) => seq)],
  );
}
