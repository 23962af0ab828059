import type { Json } from '@signalpost/rule-nodes/runtime';

import type { PreparedSql, Queryable } from '../db/index.js';
import type { QueueEntry } from '../queue/index.js';
import { type Acceptance, type Arrival, KNOWN_SQL, knownValues } from './known-devices.js';

/** What one arrival is about. */
interface KnownRow {
  /** Its place, from 1: bigint as text. */
  n: string;
  tenant_id: string;
  device_id: string;
  customer_id: string | null;
  metadata: Record<string, string>;
  telemetry_per_second: NonNullable<Acceptance>['telemetryPerSecond'];
  /** Something of the device waits in the queue. */
  waits: boolean;
  /** In the first row. */
  alongside: unknown;
  /** Another instance works on the same queue. */
  accompanied: boolean;
}

/** An arrival whose device is known. */
export interface KnownArrival {
  readonly arrival: Arrival;
  readonly acceptance: NonNullable<Acceptance>;
  readonly entry: QueueEntry;
  /** Something of its device waits in the queue. */
  readonly waits: boolean;
}

export interface LookedUp {
  /** In the order of the arrivals; those of unknown devices are not among them. */
  readonly known: readonly KnownArrival[];
  readonly alongside: unknown;
  /** Another instance works on the same queue. */
  readonly accompanied: boolean;
}

/** @param alongside SQL of one JSON value about the tenants in `waiting` */
export const lookUpSql = (alongside: string): PreparedSql => ({
  name: 'ingest-look-up',
  text: `
    WITH ${KNOWN_SQL}, waiting AS (SELECT DISTINCT tenant_id FROM known)
    SELECT n, tenant_id, device_id, customer_id, metadata, telemetry_per_second,
           EXISTS (SELECT 1 FROM queue_message m WHERE m.originator_id = known.device_id OFFSET 0) AS waits,
           CASE WHEN n = (SELECT min(n) FROM known) THEN (${alongside}) END AS alongside,
           EXISTS (SELECT 1 FROM instance WHERE id <> $6) AS accompanied
    FROM known ORDER BY n`,
});

/** Reads what is known of the devices, without writing anything. */
export async function lookUp(
  db: Queryable,
  sql: PreparedSql,
  arrivals: readonly Arrival[],
  instanceId: number,
): Promise<LookedUp> {
  const rows = await db.query<KnownRow>(sql, [...knownValues(arrivals, false), instanceId]);
  return {
    known: rows.flatMap((row) => {
      const arrival = arrivals[Number(row.n) - 1];
      return arrival === undefined ? [] : [knownArrival(arrival, row)];
    }),
    alongside: rows[0]?.alongside ?? null,
    accompanied: rows.some((row) => row.accompanied),
  };
}

function knownArrival(arrival: Arrival, row: KnownRow): KnownArrival {
  return {
    arrival,
    acceptance: { tenantId: row.tenant_id, telemetryPerSecond: row.telemetry_per_second },
    waits: row.waits,
    entry: {
      tenantId: row.tenant_id,
      message: {
        id: arrival.messageId,
        ts: arrival.ts,
        type: arrival.type,
        originator: { entityType: 'DEVICE', id: row.device_id },
        customerId: row.customer_id,
        metadata: row.metadata,
        dataType: 'JSON',
        data: JSON.parse(arrival.data) as Json, // as the queue would give it back
      },
    },
  };
}
