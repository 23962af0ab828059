import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The debug trail: what went in and out of rule nodes that somebody looks at. `rule_chain.debug` says which (node id →
 * `{failures?: true, allUntil?: epoch milliseconds}`); the engine reads it with the published versions, so it costs no
 * query of its own, and it is no part of a version, so that looking changes nothing.
 *
 * `debug_event` is written beside the messages' transactions and dropped by partition. Its ids grow with time.
 */
export class Debug1795219200010 implements MigrationInterface {
  name = 'Debug1795219200010';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE rule_chain ADD COLUMN debug jsonb NOT NULL DEFAULT '{}';

      CREATE TABLE debug_event (
        tenant_id uuid NOT NULL,
        chain_id uuid NOT NULL,
        id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        node_id uuid NOT NULL,
        chain_version int NOT NULL,
        message_id uuid NOT NULL,
        message_type text NOT NULL,
        originator_type text NOT NULL,
        originator_id uuid NOT NULL,
        attempt int NOT NULL,
        committed boolean NOT NULL,
        outcome text NOT NULL,
        input jsonb NOT NULL,
        outputs jsonb NOT NULL,
        error text,
        dropped int NOT NULL,
        PRIMARY KEY (tenant_id, chain_id, id, created_at)
      ) PARTITION BY RANGE (created_at);
      CREATE TABLE debug_event_default PARTITION OF debug_event DEFAULT;
      CREATE INDEX debug_event_node ON debug_event (tenant_id, chain_id, node_id, id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE debug_event');
    await db.query('ALTER TABLE rule_chain DROP COLUMN debug');
  }
}
