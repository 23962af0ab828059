import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who did what, from where. Partitioned by time: old events go by dropping partitions, nobody updates or deletes a row.
 *
 * `tenant_id` is whose log an event stands in. It has no foreign key, so that what a system administrator did outlives the
 * tenant. `shown_to_system`: the event is of the system scope, or somebody of the system scope did it to a tenant.
 * `changes` holds names of changed fields with their values before and after; of secrets the name alone.
 */
export class Audit1795219200007 implements MigrationInterface {
  name = 'Audit1795219200007';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE audit_event (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        actor jsonb NOT NULL,
        source text,
        action text NOT NULL,
        entity_type text NOT NULL,
        entity_id text,
        entity_name text NOT NULL,
        changes jsonb NOT NULL DEFAULT '[]',
        shown_to_system boolean NOT NULL,
        PRIMARY KEY (tenant_id, at, id)
      ) PARTITION BY RANGE (at);
      CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT;
      CREATE INDEX audit_event_system ON audit_event (at, id) WHERE shown_to_system;
      CREATE INDEX audit_event_entity ON audit_event (tenant_id, entity_type, entity_id, at, id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE audit_event');
  }
}
