import type { Database, Instance, PreparedSql, UnitOfWork } from '../db/index.js';
import { type EntryRow, fromRow } from './entry-rows.js';
import { ALL_PARTITIONS } from './partitions.js';
import { FencedError } from './fenced-error.js';
import type { Batch, ClaimedEntry } from './queue-types.js';

/** Tenants that one claim serves; the next claim goes on behind the last of them. */
const TENANTS_PER_CLAIM = 32;
/** A tenant's least share of a claim, so that many tenants do not make claims of single messages. */
const LEAST_SHARE = 4;

/**
 * The next batch of partition $1 for instance $2, of about $3 messages.
 *
 * `waiting` finds the next tenants by jumping from one to the next in the index, never by walking over a backlog;
 * `candidate` takes a bounded share of each, in the order of acceptance, leaving out held originators. A message that has
 * to run alone (`solo`, after a failed batch) does so.
 */
const CLAIM_STEPS = `
    lease AS MATERIALIZED (
      SELECT partition, last_tenant FROM queue_partition
      WHERE partition = $1 AND owner IS NULL
      FOR UPDATE SKIP LOCKED
    ), forward AS (
      SELECT next.tenant_id, 1 AS n FROM lease, LATERAL (
        SELECT tenant_id FROM queue_message WHERE partition = $1 AND tenant_id > lease.last_tenant
        ORDER BY tenant_id LIMIT 1) next
      UNION ALL
      SELECT next.tenant_id, n + 1 FROM forward, LATERAL (
        SELECT tenant_id FROM queue_message WHERE partition = $1 AND tenant_id > forward.tenant_id
        ORDER BY tenant_id LIMIT 1) next
      WHERE n < ${TENANTS_PER_CLAIM}
    ), around AS (
      SELECT next.tenant_id, (SELECT count(*) FROM forward)::int + 1 AS n FROM lease, LATERAL (
        SELECT tenant_id FROM queue_message WHERE partition = $1 AND tenant_id <= lease.last_tenant
        ORDER BY tenant_id LIMIT 1) next
      WHERE (SELECT count(*) FROM forward) < ${TENANTS_PER_CLAIM}
      UNION ALL
      SELECT next.tenant_id, n + 1 FROM lease, around, LATERAL (
        SELECT tenant_id FROM queue_message
        WHERE partition = $1 AND tenant_id > around.tenant_id AND tenant_id <= lease.last_tenant
        ORDER BY tenant_id LIMIT 1) next
      WHERE n < ${TENANTS_PER_CLAIM}
    ), waiting AS MATERIALIZED (
      SELECT * FROM forward UNION ALL SELECT * FROM around
    ), candidate AS MATERIALIZED (
      SELECT message.* FROM waiting, LATERAL (
        SELECT * FROM queue_message m
        WHERE m.partition = $1 AND m.tenant_id = waiting.tenant_id AND NOT EXISTS (
          SELECT 1 FROM queue_hold h
          WHERE h.tenant_id = m.tenant_id AND h.originator_id = m.originator_id AND h.until > now())
        ORDER BY m.seq
        LIMIT greatest(${LEAST_SHARE}, $3 / (SELECT count(*) FROM waiting))) message
    ), picked AS MATERIALIZED (
      SELECT * FROM candidate
      WHERE NOT EXISTS (SELECT 1 FROM candidate WHERE solo)
         OR seq = (SELECT min(seq) FROM candidate WHERE solo)
    ), claim AS (
      UPDATE queue_partition p
      SET owner = $2, fencing = p.fencing + 1, claimed = ARRAY(SELECT seq FROM picked),
          last_tenant = coalesce((SELECT tenant_id FROM waiting ORDER BY n DESC LIMIT 1), p.last_tenant)
      FROM lease
      WHERE p.partition = lease.partition AND EXISTS (SELECT 1 FROM picked)
      RETURNING p.fencing
    )`;

/** `alongside`: one value of JSON that the engine wants to know of the tenants in `waiting`; it stands in the first row. */
const claimedColumns = (alongside: string) => `
    claim.fencing, picked.tenant_id, seq, message_id, originator_type, originator_id, customer_id, ts, type, metadata, data_type,
    data, alarm_id, starts, resume, attempts, solo, CASE WHEN seq = (SELECT min(seq) FROM picked) THEN (${alongside}) END AS alongside`;

/**
 * The commit does not wait for the disk: what a crash of the database undoes is a claim, which is made again, and the end of
 * messages that changed nothing, which are run again.
 */
const WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

/** One statement, committed by itself before the work begins: who works on what is known after a crash. */
const claimSql = (alongside: string) => ({
  name: 'queue-claim',
  text: `
    WITH RECURSIVE ${CLAIM_STEPS}
    SELECT ${claimedColumns(alongside)}, (SELECT ${WITHOUT_WAITING}) AS relaxed FROM claim, picked ORDER BY seq`,
});

/**
 * Ends the batch of partition $4 and takes the next one of partition $1, which must be another one. No row: the batch's claim
 * was not ours any more, and nothing has been done.
 */
const advanceSql = (alongside: string) => ({
  name: 'queue-advance',
  text: `
    WITH RECURSIVE ended AS MATERIALIZED (
      SELECT partition FROM queue_partition WHERE partition = $4 AND fencing = $5 AND owner = $2 FOR UPDATE
    ), done AS (
      DELETE FROM queue_message m USING ended, unnest($6::uuid[], $7::bigint[]) AS ran (tenant_id, seq)
      WHERE m.partition = $4 AND m.tenant_id = ran.tenant_id AND m.seq = ran.seq
      RETURNING m.tenant_id, m.originator_id
    ), unheld AS (
      DELETE FROM queue_hold h USING done WHERE h.tenant_id = done.tenant_id AND h.originator_id = done.originator_id
    ), freed AS (
      UPDATE queue_partition p SET claimed = '{}', owner = NULL FROM ended WHERE p.partition = ended.partition
    ), ${CLAIM_STEPS}
    SELECT ${claimedColumns(alongside)}, (SELECT ${WITHOUT_WAITING} WHERE $8) AS relaxed
    FROM ended LEFT JOIN (claim CROSS JOIN picked) ON true ORDER BY seq`,
});

/** The partition to take the next batch from, and about how many messages. */
export interface Next {
  readonly partition: number;
  readonly most: number;
}

type ClaimedRow = EntryRow & { readonly fencing: string; readonly solo: boolean; readonly alongside: unknown };
/** A row of `advance` without a next batch. */
type NoRow = { readonly [K in keyof ClaimedRow]: null };

/** No partition has this number. */
const NOWHERE: Next = { partition: -1, most: 0 };

/** Takes work from the queue, for one instance. */
export class QueueClaims {
  readonly #claim: PreparedSql;
  readonly #advance: PreparedSql;

  /** @param alongside SQL of one JSON value about the tenants in `waiting`, read in the same moment as their messages */
  constructor(
    private readonly database: Database,
    private readonly instance: Instance,
    alongside = 'NULL::json',
  ) {
    this.#claim = claimSql(alongside);
    this.#advance = advanceSql(alongside);
  }

  /** Makes the rows that claims lock; safe on many instances. */
  async prepare(): Promise<void> {
    await this.database.query(
      'INSERT INTO queue_partition (partition) SELECT unnest($1::smallint[]) ON CONFLICT DO NOTHING',
      [ALL_PARTITIONS],
    );
  }

  /** @returns null when nothing waits, all is held back, or another one works on the partition. */
  async claim(partition: number, most: number): Promise<Batch | null> {
    return toBatch(partition, await this.database.query<ClaimedRow>(this.#claim, [partition, this.instance.id, most]));
  }

  /**
   * Ends a batch and takes the next one, from another partition.
   *
   * @param ran what is done with; the rest of the batch keeps its place
   * @returns the next batch, null where there is none
   * @throws FencedError the claim is not ours any more; roll back
   */
  async advance(uow: UnitOfWork, batch: Batch, ran: readonly ClaimedEntry[], next: Next | null): Promise<Batch | null> {
    const { partition, most } = next ?? NOWHERE;
    const rows = await uow.last<ClaimedRow | NoRow>(this.#advance, [
      partition,
      this.instance.id,
      most,
      batch.partition,
      batch.fencing,
      ran.map((entry) => entry.tenantId),
      ran.map((entry) => entry.seq),
      !uow.hasBegun,
    ]);
    if (rows.length === 0) throw new FencedError(batch.partition);
    return toBatch(
      partition,
      rows.filter((row) => row.seq !== null),
    );
  }
}

function toBatch(partition: number, rows: readonly ClaimedRow[]): Batch | null {
  const [first] = rows;
  if (first === undefined) return null;
  const mayHaveMore = first.solo || rows.length >= LEAST_SHARE;
  return { partition, fencing: first.fencing, entries: rows.map(fromRow), mayHaveMore, alongside: first.alongside };
}
