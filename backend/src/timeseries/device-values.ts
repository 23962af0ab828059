import type { Attributes, LatestTelemetry } from '@signalpost/contracts';

import type { Principal } from '../access/index.js';
import type { Database } from '../db/index.js';
import { ProblemError } from '../http/index.js';

interface ValueRow {
  key: string | null;
  ts: string;
  value: unknown;
}

/** The device itself is the left side: no row means no such device for this person, one row without a key no values. */
const LATEST = `
  SELECT l.key, l.ts, l.value FROM device d
  LEFT JOIN telemetry_latest l ON (l.tenant_id, l.entity_id) = (d.tenant_id, d.id)
  WHERE d.tenant_id = $1 AND d.id = $2 AND ($3::uuid IS NULL OR d.customer_id = $3) ORDER BY l.key`;

const ATTRIBUTES = `
  SELECT a.scope, a.key, a.ts, a.value FROM device d
  LEFT JOIN attribute a ON (a.tenant_id, a.entity_id) = (d.tenant_id, d.id)
  WHERE d.tenant_id = $1 AND d.id = $2 AND ($3::uuid IS NULL OR d.customer_id = $3) ORDER BY a.scope, a.key`;

/** What is known of a device, for people. */
export class DeviceValues {
  constructor(private readonly database: Database) {}

  async latest(principal: Principal, deviceId: string): Promise<LatestTelemetry> {
    return { values: await this.#read<LatestTelemetry['values'][number]>(LATEST, principal, deviceId) };
  }

  async attributes(principal: Principal, deviceId: string): Promise<Attributes> {
    return { values: await this.#read<Attributes['values'][number]>(ATTRIBUTES, principal, deviceId) };
  }

  async #read<V extends { key: string; ts: number }>(
    sql: string,
    principal: Principal,
    deviceId: string,
  ): Promise<V[]> {
    const rows = await this.database.query<ValueRow>(sql, [principal.tenantId, deviceId, principal.customerId]);
    if (rows.length === 0) throw new ProblemError('not-found');
    const known = rows.filter((row) => row.key !== null);
    return known.map((row) => ({ ...row, ts: Number(row.ts) }) as unknown as V); // the statement selects V's fields
  }
}
