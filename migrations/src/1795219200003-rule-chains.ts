import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rule chains: a name, at most one root a tenant, and immutable published versions. A message under way keeps the version
 * it began with, so versions are never changed. `parked_message` holds what waits for an answer from outside.
 */
export class RuleChains1795219200003 implements MigrationInterface {
  name = 'RuleChains1795219200003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE rule_chain (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        root boolean NOT NULL DEFAULT false,
        published_version int,
        managed boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, name)
      );
      CREATE UNIQUE INDEX rule_chain_root ON rule_chain (tenant_id) WHERE root;

      CREATE TABLE rule_chain_version (
        tenant_id uuid NOT NULL,
        chain_id uuid NOT NULL,
        version int NOT NULL,
        definition jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, chain_id, version),
        FOREIGN KEY (tenant_id, chain_id) REFERENCES rule_chain (tenant_id, id) ON DELETE CASCADE
      );

      CREATE TABLE parked_message (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        continuation json NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE parked_message, rule_chain_version, rule_chain');
  }
}
