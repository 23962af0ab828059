import type { Queryable } from '../db/index.js';
import { type Acceptance, type Arrival, KNOWN_SQL, knownValues } from './known-devices.js';

/** What was accepted of one tenant. */
interface AcceptedRow {
  tenant_id: string;
  telemetry_per_second: NonNullable<Acceptance>['telemetryPerSecond'];
  /** Places of its arrivals, from 1. */
  places: number[];
  partitions: number[];
}

/**
 * Looks the devices up and files their messages in one statement that commits by itself: a token that was taken away, or
 * a limit that was changed, holds from the next statement on, on every instance, without any cache to tell.
 */
const ACCEPT = {
  name: 'ingest-accept',
  text: `
    WITH ${KNOWN_SQL}, accepted AS (
      INSERT INTO queue_message (partition, tenant_id, message_id, originator_type, originator_id, customer_id, ts, type, metadata, data)
      SELECT partition, tenant_id, message_id, 'DEVICE', device_id, customer_id, ts, message_type, metadata, data
      FROM known ORDER BY n)
    SELECT tenant_id, telemetry_per_second, array_agg(n::int) AS places, array_agg(DISTINCT partition::int) AS partitions
    FROM known GROUP BY tenant_id, telemetry_per_second`,
};

/** @returns what became of each, and the partitions to wake */
export async function accept(
  db: Queryable,
  arrivals: readonly Arrival[],
): Promise<{ acceptances: Acceptance[]; partitions: number[] }> {
  const rows = await db.query<AcceptedRow>(ACCEPT, knownValues(arrivals, true));
  const acceptances: Acceptance[] = arrivals.map(() => null);
  for (const { tenant_id: tenantId, telemetry_per_second: telemetryPerSecond, places } of rows) {
    for (const place of places) acceptances[place - 1] = { tenantId, telemetryPerSecond };
  }
  return { acceptances, partitions: [...new Set(rows.flatMap((row) => row.partitions))] };
}
