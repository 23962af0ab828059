import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The queue between acceptance and the rule engine.
 *
 * `queue_message` is read by (partition, tenant_id, seq): a claim takes a bounded share of each tenant in turn without
 * walking over another tenant's backlog. It is partitioned by time, because emptied partitions are dropped whole: a queue
 * that only deletes rows leaves an index full of dead entries at its head.
 *
 * `queue_partition` is who works on what: `claimed` is written and committed before the work begins, so that after a
 * crash the next owner knows which messages were under way. `fencing` grows with each claim; a commit with an old number
 * is refused. `alone`: the one claimed message was the only one of its batch. `owner` is an `instance`; an instance is alive while it holds its advisory lock (see backend/src/db).
 */
export class Queue1795219200002 implements MigrationInterface {
  name = 'Queue1795219200002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE instance (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        started_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE SEQUENCE queue_seq;
      CREATE TABLE queue_message (
        partition smallint NOT NULL,
        tenant_id uuid NOT NULL,
        seq bigint NOT NULL DEFAULT nextval('queue_seq'),
        accepted_at timestamptz NOT NULL DEFAULT now(),
        message_id uuid NOT NULL,
        originator_type text NOT NULL,
        originator_id uuid NOT NULL,
        customer_id uuid,
        ts bigint NOT NULL,
        type text NOT NULL,
        metadata json NOT NULL,
        data_type text NOT NULL DEFAULT 'JSON',
        data text NOT NULL,
        alarm_id uuid,
        starts json,
        resume json,
        attempts smallint NOT NULL DEFAULT 0,
        crashes smallint NOT NULL DEFAULT 0,
        solo boolean NOT NULL DEFAULT false,
        PRIMARY KEY (partition, tenant_id, seq, accepted_at)
      ) PARTITION BY RANGE (accepted_at);
      CREATE TABLE queue_message_default PARTITION OF queue_message DEFAULT;

      CREATE TABLE queue_partition (
        partition smallint PRIMARY KEY,
        owner int,
        fencing bigint NOT NULL DEFAULT 0,
        claimed bigint[] NOT NULL DEFAULT '{}',
        alone boolean NOT NULL DEFAULT false,
        last_tenant uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'
      );

      CREATE TABLE queue_hold (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        originator_id uuid NOT NULL,
        until timestamptz NOT NULL,
        first_failed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, originator_id)
      );

      CREATE TABLE dead_letter (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        originator_type text NOT NULL,
        originator_id uuid NOT NULL,
        message_type text NOT NULL,
        entry json NOT NULL,
        failure jsonb NOT NULL,
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX dead_letter_page ON dead_letter (tenant_id, created_at DESC, id DESC);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE dead_letter, queue_hold, queue_partition, queue_message, instance');
    await db.query('DROP SEQUENCE queue_seq');
  }
}
