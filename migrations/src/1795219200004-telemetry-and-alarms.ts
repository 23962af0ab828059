import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What devices tell. `telemetry` is partitioned by the time of the value (epoch milliseconds), so that retention drops
 * partitions; values with a time outside the made partitions land in the default one. `telemetry_latest` is the one row a
 * key that pages and nodes read. `expires_at` (epoch milliseconds) is set only where a rule chain asked for a shorter life
 * than the partition's; its partial index costs the other values nothing.
 *
 * `alarm.severity_changes` are the last changes of its severity, `{at, from, to}`: part of its history, written by the very
 * statement that changes it, so that they cost a batch nothing.
 *
 * `alarm_active` is the promise "at most one active alarm per originator and type", which no find-then-create can keep.
 */
export class TelemetryAndAlarms1795219200004 implements MigrationInterface {
  name = 'TelemetryAndAlarms1795219200004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE telemetry (
        tenant_id uuid NOT NULL,
        entity_id uuid NOT NULL,
        key text NOT NULL,
        ts bigint NOT NULL,
        value jsonb NOT NULL,
        expires_at bigint,
        PRIMARY KEY (tenant_id, entity_id, key, ts)
      ) PARTITION BY RANGE (ts);
      CREATE INDEX telemetry_expiring ON telemetry (expires_at) WHERE expires_at IS NOT NULL;
      CREATE TABLE telemetry_default PARTITION OF telemetry DEFAULT;

      CREATE TABLE telemetry_latest (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        entity_id uuid NOT NULL,
        key text NOT NULL,
        ts bigint NOT NULL,
        value jsonb NOT NULL,
        PRIMARY KEY (tenant_id, entity_id, key)
      ) WITH (fillfactor = 70);

      CREATE TABLE attribute (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        entity_id uuid NOT NULL,
        entity_type text NOT NULL,
        scope text NOT NULL CHECK (scope IN ('CLIENT_SCOPE', 'SHARED_SCOPE', 'SERVER_SCOPE')),
        key text NOT NULL,
        ts bigint NOT NULL,
        value jsonb NOT NULL,
        PRIMARY KEY (tenant_id, entity_id, scope, key)
      );

      CREATE TABLE alarm (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        type text NOT NULL,
        originator_type text NOT NULL,
        originator_id uuid NOT NULL,
        customer_id uuid,
        severity text NOT NULL,
        acknowledged boolean NOT NULL DEFAULT false,
        cleared boolean NOT NULL DEFAULT false,
        start_ts bigint NOT NULL,
        end_ts bigint NOT NULL,
        ack_ts bigint NOT NULL DEFAULT 0,
        clear_ts bigint NOT NULL DEFAULT 0,
        severity_changes jsonb[] NOT NULL DEFAULT '{}',
        details jsonb NOT NULL DEFAULT 'null',
        propagation jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (tenant_id, id)
      ) WITH (fillfactor = 70);
      CREATE UNIQUE INDEX alarm_active ON alarm (originator_id, type, tenant_id) WHERE NOT cleared;
      CREATE INDEX alarm_page ON alarm (tenant_id, created_at DESC, id DESC);
      CREATE INDEX alarm_open_page ON alarm (tenant_id, created_at DESC, id DESC) WHERE NOT cleared;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE alarm, attribute, telemetry_latest, telemetry');
  }
}
