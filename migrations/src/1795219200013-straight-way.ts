import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * For messages that need not go through the queue.
 *
 * Whether anything of an originator waits is asked for each message that comes in: only then may the message run at once.
 *
 * `follows` are the outputs, in lower case, at which something follows the answer that a parked message waits for. An answer at
 * any other ends it, without a turn in the queue. NULL: that is not known, and every answer goes on.
 */
export class StraightWay1795219200013 implements MigrationInterface {
  name = 'StraightWay1795219200013';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX queue_message_originator ON queue_message (originator_id);
      ALTER TABLE parked_message ADD COLUMN follows text[];
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE parked_message DROP COLUMN follows;
      DROP INDEX queue_message_originator;
    `);
  }
}
