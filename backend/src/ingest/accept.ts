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

interface AcceptedRow {
  n: string;
  tenant_id: string;
  partition: number;
  telemetry_per_second: TenantLimits['telemetryPerSecond'];
}

const LIMIT_KEY: keyof TenantLimits = 'telemetryPerSecond';

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
      FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], $5::text[])
        WITH ORDINALITY AS a (token_hash, message_id, message_type, ts, data, n)
      JOIN device d ON d.token_hash = decode(a.token_hash, 'hex')
      JOIN tenant t ON t.id = d.tenant_id
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
    SELECT n, tenant_id, partition, telemetry_per_second FROM known`,
};

/** @returns what became of each, and the partitions to wake */
export async function accept(
  db: Queryable,
  arrivals: readonly Arrival[],
): Promise<{ acceptances: Acceptance[]; partitions: number[] }> {
  const rows = await db.query<AcceptedRow>(ACCEPT, [
    arrivals.map((arrival) => arrival.tokenHash),
    arrivals.map((arrival) => arrival.messageId),
    arrivals.map((arrival) => arrival.type),
    arrivals.map((arrival) => arrival.ts),
    arrivals.map((arrival) => arrival.data),
  ]);
  const acceptances: Acceptance[] = arrivals.map(() => null);
  for (const row of rows) {
    acceptances[Number(row.n) - 1] = { tenantId: row.tenant_id, telemetryPerSecond: row.telemetry_per_second };
  }
  return { acceptances, partitions: [...new Set(rows.map((row) => row.partition))] };
}
