import type { Database, Instance } from '../db/index.js';
import { type EntryRow, fromRow } from './entry-rows.js';
import { ALL_PARTITIONS } from './partitions.js';
import type { Batch } from './queue-types.js';

/** Tenants that one claim serves; the next claim goes on behind the last of them. */
const TENANTS_PER_CLAIM = 32;
/** A tenant's least share of a claim, so that many tenants do not make claims of single messages. */
const LEAST_SHARE = 4;

/**
 * One statement, committed by itself before the work begins: who works on what is known after a crash.
 *
 * `waiting` finds the next tenants by jumping from one to the next in the index, never by walking over a backlog;
 * `candidate` takes a bounded share of each, in the order of acceptance, leaving out held originators. A message that has
 * to run alone (`solo`, after a failed batch) does so.
 */
const CLAIM = {
  name: 'queue-claim',
  text: `
    WITH RECURSIVE lease AS MATERIALIZED (
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
    )
    SELECT claim.fencing, tenant_id, seq, message_id, originator_type, originator_id, customer_id, ts, type, metadata,
           data_type, data, alarm_id, starts, resume, attempts
    FROM claim, picked ORDER BY seq`,
};

/** Takes work from the queue, for one instance. */
export class QueueClaims {
  constructor(
    private readonly database: Database,
    private readonly instance: Instance,
  ) {}

  /** Makes the rows that claims lock; safe on many instances. */
  async prepare(): Promise<void> {
    await this.database.query(
      'INSERT INTO queue_partition (partition) SELECT unnest($1::smallint[]) ON CONFLICT DO NOTHING',
      [ALL_PARTITIONS],
    );
  }

  /** @returns null when nothing waits, all is held back, or another one works on the partition. */
  async claim(partition: number, most: number): Promise<Batch | null> {
    const rows = await this.database.query<EntryRow & { fencing: string }>(CLAIM, [partition, this.instance.id, most]);
    const [first] = rows;
    return first === undefined ? null : { partition, fencing: first.fencing, entries: rows.map(fromRow) };
  }
}
