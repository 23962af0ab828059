import type { TenantLimits } from '@signalpost/contracts';

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

const LIMIT_KEY: keyof TenantLimits = 'telemetryPerSecond';

/** No JSON holds this character but in escapes: a list of data needs no quoting. */
const BETWEEN_DATA = '\u001e';

/** A common table expression: the arrivals whose token a device has, in their order `n` (from 1), with what it tells of them. */
export const KNOWN_SQL = `
    known AS MATERIALIZED (
      SELECT a.*, d.tenant_id, d.id AS device_id, d.customer_id,
             ${partitionSql('d.id')} AS partition, (t.limits ->> '${LIMIT_KEY}')::int AS telemetry_per_second,
             CASE message_type
               WHEN 'POST_TELEMETRY_REQUEST' THEN json_build_object('deviceName', d.name, 'deviceType', d.type, 'ts', ts::text)
               ELSE json_build_object('deviceName', d.name, 'deviceType', d.type, 'notifyDevice', 'false')
             END AS metadata
      FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], string_to_array($5, '${BETWEEN_DATA}'))
        WITH ORDINALITY AS a (token_hash, message_id, message_type, ts, data, n)
      CROSS JOIN LATERAL (SELECT * FROM device WHERE token_hash = decode(a.token_hash, 'hex') OFFSET 0) d
      CROSS JOIN LATERAL (SELECT limits FROM tenant WHERE id = d.tenant_id OFFSET 0) t
    )`;

/** The values of `KNOWN_SQL`, $1 to $5. @param withData false: nobody asks for the data */
export function knownValues(arrivals: readonly Arrival[], withData: boolean): string[] {
  return [
    plainArray(arrivals.map((arrival) => arrival.tokenHash)),
    plainArray(arrivals.map((arrival) => arrival.messageId)),
    plainArray(arrivals.map((arrival) => arrival.type)),
    plainArray(arrivals.map((arrival) => arrival.ts)),
    withData ? arrivals.map((arrival) => arrival.data).join(BETWEEN_DATA) : '',
  ];
}

/** An array as PostgreSQL reads it, of values that need no quotes: digits, letters, hyphens, underscores. */
const plainArray = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;
