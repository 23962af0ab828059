import type { TenantLimits } from '@signalpost/contracts';

import type { Queryable } from '../db/index.js';
import { partitionSql } from '../queue/index.js';
import type { DevicePayload } from './payload.js';

/** One message and the device token that it came with. */
export interface Arrival extends DevicePayload {
  readonly messageId: string;
  /** SHA-256 of the token, hexadecimal; the token itself is kept nowhere. */
  readonly tokenHash: string;
}

/** What became of the arrival at the same place in the array; null = no device has this token. */
export type Acceptance = {
  readonly tenantId: string;
  readonly telemetryPerSecond: TenantLimits['telemetryPerSecond'];
} | null;

/** What was accepted of one tenant. */
interface AcceptedRow {
  tenant_id: string;
  telemetry_per_second: TenantLimits['telemetryPerSecond'];
  /** Places of its arrivals, from 1. */
  places: number[];
  partitions: number[];
}

const LIMIT_KEY: keyof TenantLimits = 'telemetryPerSecond';

/** No JSON holds this character but in escapes: a list of data needs no quoting. */
const BETWEEN_DATA = '\u001e';

/**
 * Looks the devices up and files their messages in one statement that commits by itself: a token that was taken away, or
 * a limit that was changed, holds from the next statement on, on every instance, without any cache to tell.
 */
const ACCEPT = {
  name: 'ingest-accept',
  text: `
    WITH known AS MATERIALIZED (
      SELECT a.*, d.tenant_id, d.id AS device_id, d.customer_id, d.name AS device_name, d.type AS device_type,
             ${partitionSql('d.id')} AS partition, (t.limits ->> '${LIMIT_KEY}')::int AS telemetry_per_second
      FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], string_to_array($5, '${BETWEEN_DATA}'))
        WITH ORDINALITY AS a (token_hash, message_id, message_type, ts, data, n)
      CROSS JOIN LATERAL (SELECT * FROM device WHERE token_hash = decode(a.token_hash, 'hex') OFFSET 0) d
      CROSS JOIN LATERAL (SELECT limits FROM tenant WHERE id = d.tenant_id OFFSET 0) t
    ), accepted AS (
      INSERT INTO queue_message (partition, tenant_id, message_id, originator_type, originator_id, customer_id, ts, type, metadata, data)
      SELECT partition, tenant_id, message_id, 'DEVICE', device_id, customer_id, ts, message_type,
             CASE message_type
               WHEN 'POST_TELEMETRY_REQUEST'
                 THEN json_build_object('deviceName', device_name, 'deviceType', device_type, 'ts', ts::text)
               ELSE json_build_object('deviceName', device_name, 'deviceType', device_type, 'notifyDevice', 'false')
             END,
             data
      FROM known ORDER BY n)
    SELECT tenant_id, telemetry_per_second, array_agg(n::int) AS places, array_agg(DISTINCT partition::int) AS partitions
    FROM known GROUP BY tenant_id, telemetry_per_second`,
};

/** @returns what became of each, and the partitions to wake */
export async function accept(
  db: Queryable,
  arrivals: readonly Arrival[],
): Promise<{ acceptances: Acceptance[]; partitions: number[] }> {
  const rows = await db.query<AcceptedRow>(ACCEPT, [
    plainArray(arrivals.map((arrival) => arrival.tokenHash)),
    plainArray(arrivals.map((arrival) => arrival.messageId)),
    plainArray(arrivals.map((arrival) => arrival.type)),
    plainArray(arrivals.map((arrival) => arrival.ts)),
    arrivals.map((arrival) => arrival.data).join(BETWEEN_DATA),
  ]);
  const acceptances: Acceptance[] = arrivals.map(() => null);
  for (const { tenant_id: tenantId, telemetry_per_second: telemetryPerSecond, places } of rows) {
    for (const place of places) acceptances[place - 1] = { tenantId, telemetryPerSecond };
  }
  return { acceptances, partitions: [...new Set(rows.flatMap((row) => row.partitions))] };
}

/** An array as PostgreSQL reads it, of values that need no quotes: digits, letters, hyphens, underscores. */
const plainArray = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;
