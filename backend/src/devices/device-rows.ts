import type { Device } from '@signalpost/contracts';

export interface DeviceRow {
  id: string;
  name: string;
  type: string;
  label: string;
  customer_id: string | null;
  customer_name: string | null;
  managed: boolean;
  created_at: Date;
  /** bigint as pg gives it */
  last_activity_at: string | null;
}

/**
 * Devices of a tenant ($1); for a customer user those of the customer ($2, else null). The newest value is read from the
 * table of the time series, which stands above this room: reading is free, writing is theirs.
 */
export const DEVICES = `
  SELECT d.id, d.name, d.type, d.label, d.customer_id, c.name AS customer_name, d.managed, d.created_at,
    (SELECT max(t.ts) FROM telemetry_latest t WHERE t.tenant_id = d.tenant_id AND t.entity_id = d.id) AS last_activity_at
  FROM device d LEFT JOIN customer c ON c.tenant_id = d.tenant_id AND c.id = d.customer_id
  WHERE d.tenant_id = $1 AND ($2::uuid IS NULL OR d.customer_id = $2)`;

/** Creates a device, or makes the one of this name like this. */
export const UPSERT_DEVICE = `
  INSERT INTO device (tenant_id, id, name, type, label, customer_id, token_hash, managed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (tenant_id, name) DO UPDATE
    SET type = EXCLUDED.type, label = EXCLUDED.label, customer_id = EXCLUDED.customer_id,
        token_hash = EXCLUDED.token_hash, managed = EXCLUDED.managed
    WHERE (device.type, device.label, device.customer_id, device.token_hash, device.managed)
      IS DISTINCT FROM (EXCLUDED.type, EXCLUDED.label, EXCLUDED.customer_id, EXCLUDED.token_hash, EXCLUDED.managed)
  RETURNING id, xmax = 0 AS inserted`;

export const toDevice = (row: DeviceRow): Device => ({
  id: row.id,
  name: row.name,
  type: row.type,
  label: row.label,
  customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name ?? '' },
  managed: row.managed,
  createdAt: row.created_at.getTime(),
  lastActivityAt: row.last_activity_at === null ? null : Number(row.last_activity_at),
});
