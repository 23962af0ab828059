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
 * The commit does not wait for the disk: what a crash of the database undoes is a claim, which is made again, and the end of
 * messages that changed nothing, which are run again.
 */
const WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

/**
 * Ends a batch (partitions $4 with fencing numbers $5; messages $6, $7, $8) and takes the next one: about $3 messages of the
 * partitions $1, for instance $2. One statement, which commits before the work on the next batch begins: who works on what is
 * known after a crash. No row: the claim of the batch was not ours any more, and nothing has been done.
 *
 * The statement sees the messages as they were when it began, but a partition as it is when it gets hold of it. `seen` tells
 * whether somebody worked on it in between: then its messages may be done with, and it is left to the next claim.
 *
 * `waiting` finds the next tenants by jumping from one to the next in the index, never by walking over a backlog;
 * `candidate` takes a bounded share of each, in the order of acceptance, leaving out held originators. A message that has
 * to run alone (`solo`, after a failed batch) does so.
 */
const STEPS = `
    WITH RECURSIVE ended AS MATERIALIZED (
      SELECT p.partition FROM unnest($4::smallint[], $5::bigint[]) AS e (partition, fencing)
      JOIN queue_partition p ON p.partition = e.partition AND p.fencing = e.fencing AND p.owner = $2
      FOR UPDATE OF p
    ), ours AS MATERIALIZED (
      SELECT count(*) = cardinality($4::smallint[]) AS so FROM ended
    ), run AS MATERIALIZED (
      SELECT m.* FROM ours, unnest($6::smallint[], $7::uuid[], $8::bigint[]) AS ran (partition, tenant_id, seq), LATERAL (
        SELECT tableoid AS child, ctid AS place, tenant_id, originator_id, seq FROM queue_message
        WHERE partition = ran.partition AND tenant_id = ran.tenant_id AND seq = ran.seq OFFSET 0) m
      WHERE ours.so
    ), done AS (
      DELETE FROM queue_message m USING run WHERE m.tableoid = run.child AND m.ctid = run.place
    ), unheld AS (
      DELETE FROM queue_hold h USING (
        SELECT held.place FROM run, LATERAL (
          SELECT ctid AS place FROM queue_hold WHERE tenant_id = run.tenant_id AND originator_id = run.originator_id OFFSET 0) held
      ) held WHERE h.ctid = held.place
    ), seen AS MATERIALIZED (
      SELECT partition, fencing FROM queue_partition WHERE partition = ANY($1::smallint[])
    ), lease AS MATERIALIZED (
      SELECT p.partition, p.last_tenant FROM queue_partition p JOIN seen ON seen.partition = p.partition, ours
      WHERE ours.so AND p.fencing = seen.fencing
        AND (p.owner IS NULL OR p.partition IN (SELECT partition FROM ended))
      FOR UPDATE OF p SKIP LOCKED
    ), forward AS (
      SELECT lease.partition, next.tenant_id, 1 AS n FROM lease, LATERAL (
        SELECT tenant_id FROM queue_message WHERE partition = lease.partition AND tenant_id > lease.last_tenant
        ORDER BY tenant_id LIMIT 1) next
      UNION ALL
      SELECT forward.partition, next.tenant_id, n + 1 FROM forward, LATERAL (
        SELECT tenant_id FROM queue_message WHERE partition = forward.partition AND tenant_id > forward.tenant_id
        ORDER BY tenant_id LIMIT 1) next
      WHERE n < ${TENANTS_PER_CLAIM}
    ), around AS (
      SELECT lease.partition, next.tenant_id, ahead.n + 1 AS n FROM lease
      CROSS JOIN LATERAL (SELECT count(*)::int AS n FROM forward WHERE forward.partition = lease.partition) ahead
      CROSS JOIN LATERAL (
        SELECT tenant_id FROM queue_message WHERE partition = lease.partition AND tenant_id <= lease.last_tenant
        ORDER BY tenant_id LIMIT 1) next
      WHERE ahead.n < ${TENANTS_PER_CLAIM}
      UNION ALL
      SELECT lease.partition, next.tenant_id, n + 1 FROM around JOIN lease USING (partition), LATERAL (
        SELECT tenant_id FROM queue_message
        WHERE partition = lease.partition AND tenant_id > around.tenant_id AND tenant_id <= lease.last_tenant
        ORDER BY tenant_id LIMIT 1) next
      WHERE n < ${TENANTS_PER_CLAIM}
    ), waiting AS MATERIALIZED (
      SELECT * FROM forward UNION ALL SELECT * FROM around
    ), candidate AS MATERIALIZED (
      SELECT message.* FROM waiting, LATERAL (
        SELECT * FROM queue_message m
        WHERE m.partition = waiting.partition AND m.tenant_id = waiting.tenant_id AND m.seq NOT IN (SELECT seq FROM run)
          AND NOT EXISTS (
            SELECT 1 FROM queue_hold h
            WHERE h.tenant_id = m.tenant_id AND h.originator_id = m.originator_id AND h.until > now() OFFSET 0)
        ORDER BY m.seq
        LIMIT greatest(${LEAST_SHARE}, $3::int / (SELECT count(*) FROM waiting))) message
    ), picked AS MATERIALIZED (
      SELECT * FROM candidate
      WHERE NOT EXISTS (SELECT 1 FROM candidate WHERE solo)
         OR seq = (SELECT min(seq) FROM candidate WHERE solo)
    ), share AS MATERIALIZED (
      SELECT partition, coalesce(array_agg(seq) FILTER (WHERE seq IS NOT NULL), '{}') AS seqs
      FROM (SELECT partition FROM ended UNION SELECT partition FROM picked) touched LEFT JOIN picked USING (partition)
      GROUP BY partition
    ), moved AS (
      UPDATE queue_partition p
      SET owner = CASE WHEN share.seqs <> '{}' THEN $2::int END,
          fencing = p.fencing + (share.seqs <> '{}')::int,
          claimed = share.seqs,
          alone = (SELECT count(*) = 1 FROM picked),
          last_tenant = coalesce((SELECT tenant_id FROM waiting w WHERE w.partition = p.partition ORDER BY n DESC LIMIT 1), p.last_tenant)
      FROM share, ours
      WHERE ours.so AND p.partition = share.partition
      RETURNING p.partition, p.fencing
    )`;

/** `alongside`: one value of JSON that the engine wants to know of the tenants in `waiting`; it stands in the first row. */
const advanceSql = (alongside: string) => ({
  name: 'queue-advance',
  text: `${STEPS}
    SELECT moved.fencing, picked.partition, picked.tenant_id, seq, message_id, originator_type, originator_id, customer_id, ts, type,
           metadata, data_type, data, alarm_id, starts, resume, attempts, solo,
           CASE WHEN seq = (SELECT min(seq) FROM picked) THEN (${alongside}) END AS alongside,
           (SELECT ${WITHOUT_WAITING} WHERE $9::boolean) AS relaxed
    FROM ours LEFT JOIN (picked JOIN moved USING (partition)) ON true
    WHERE ours.so ORDER BY seq`,
});

/** The partitions to take the next batch from, and about how many messages. */
export interface Next {
  readonly partitions: readonly number[];
  readonly most: number;
}

type ClaimedRow = EntryRow & { readonly fencing: string; readonly solo: boolean; readonly alongside: unknown };
/** The one row where there is no next batch. */
type NoRow = { readonly [K in keyof ClaimedRow]: null };

/** To take nothing. */
const NOWHERE: Next = { partitions: [], most: 0 };
/** To end nothing. */
const NOTHING = { claims: [], entries: [] };

/** Takes work from the queue, for one instance. */
export class QueueClaims {
  readonly #advance: PreparedSql;

  /** @param alongside SQL of one JSON value about the tenants in `waiting`, read in the same moment as their messages */
  constructor(
    private readonly database: Database,
    private readonly instance: Instance,
    alongside = 'NULL::json',
  ) {
    this.#advance = advanceSql(alongside);
  }

  /** Makes the rows that claims lock; safe on many instances. */
  async prepare(): Promise<void> {
    await this.database.query(
      'INSERT INTO queue_partition (partition) SELECT unnest($1::smallint[]) ON CONFLICT DO NOTHING',
      [ALL_PARTITIONS],
    );
  }

  /** @returns null when nothing waits, all is held back, or others work on the partitions. */
  async claim(next: Next): Promise<Batch | null> {
    return toBatch(
      next,
      await this.database.query<ClaimedRow | NoRow>(this.#advance, this.#values(NOTHING, [], next, true)),
    );
  }

  /**
   * Ends a batch and takes the next one.
   *
   * @param ran what is done with; the rest of the batch keeps its place
   * @returns the next batch, null where there is none
   * @throws FencedError the claim is not ours any more; roll back
   */
  async advance(uow: UnitOfWork, batch: Batch, ran: readonly ClaimedEntry[], next: Next | null): Promise<Batch | null> {
    const values = this.#values(batch, ran, next ?? NOWHERE, !uow.hasBegun);
    const rows = await uow.last<ClaimedRow | NoRow>(this.#advance, values);
    if (rows.length === 0) throw new FencedError(batch.claims.map(({ partition }) => partition));
    return toBatch(next ?? NOWHERE, rows);
  }

  #values({ claims }: Pick<Batch, 'claims'>, ran: readonly ClaimedEntry[], next: Next, relaxed: boolean): unknown[] {
    return [
      next.partitions,
      this.instance.id,
      next.most,
      claims.map(({ partition }) => partition),
      claims.map(({ fencing }) => fencing),
      ran.map((entry) => entry.partition),
      ran.map((entry) => entry.tenantId),
      ran.map((entry) => entry.seq),
      relaxed,
    ];
  }
}

function toBatch(next: Next, rows: readonly (ClaimedRow | NoRow)[]): Batch | null {
  const claimed = rows.filter((row) => row.seq !== null);
  const [first] = claimed;
  if (first === undefined) return null;
  const fencing = new Map(claimed.map((row) => [row.partition, row.fencing]));
  return {
    claims: [...fencing].map(([partition, number]) => ({ partition, fencing: number })),
    entries: claimed.map(fromRow),
    more: first.solo ? next.partitions : [...fencing.keys()].filter((partition) => isMuch(claimed, partition)),
    alongside: first.alongside,
  };
}

/** Fewer than the least share of a tenant are all that there were. */
const isMuch = (rows: readonly EntryRow[], partition: number): boolean =>
  rows.filter((row) => row.partition === partition).length >= LEAST_SHARE;
