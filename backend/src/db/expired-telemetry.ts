import type { Database } from './database.js';

/** Rows that one statement deletes: short transactions, whatever has gathered. */
const MOST_AT_ONCE = 5000;

const DROP = `
  WITH expired AS MATERIALIZED (
    SELECT tenant_id, entity_id, key, ts FROM telemetry WHERE expires_at <= $1
    ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
  ), dropped AS (
    DELETE FROM telemetry t USING expired e
    WHERE (t.tenant_id, t.entity_id, t.key, t.ts) = (e.tenant_id, e.entity_id, e.key, e.ts) RETURNING 1)
  SELECT count(*)::int AS count FROM dropped`;

/**
 * Deletes the values whose time to live is over; everything else goes with its partition.
 * @param now epoch milliseconds
 */
export async function dropExpiredTelemetry(db: Database, now: number): Promise<void> {
  for (;;) {
    const [row] = await db.query<{ count: number }>(DROP, [now, MOST_AT_ONCE]);
    if ((row?.count ?? 0) < MOST_AT_ONCE) return;
  }
}
