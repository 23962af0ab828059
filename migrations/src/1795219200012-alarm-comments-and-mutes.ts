import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people write to an alarm and do to it, and the alarms that nobody wants mails about for a while.
 *
 * `alarm_comment` is the part of an alarm's history that its own columns do not tell: comments, and who acknowledged, cleared,
 * muted or unmuted it. `author_name` is kept, and `author_id` has no foreign key, so that a comment outlives its author.
 * `until` is of `muted`; NULL there means until the alarm clears. `text` is the comment, or why it was muted.
 *
 * `alarm_mute` is of an originator and a type, so that an alarm that clears and is raised anew stays quiet. With `alarm_id` it
 * holds until that alarm clears, and no statement needs to end it; with `until` it holds until then.
 */
export class AlarmCommentsAndMutes1795219200012 implements MigrationInterface {
  name = 'AlarmCommentsAndMutes1795219200012';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE alarm_comment (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        alarm_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        kind text NOT NULL CHECK (kind IN ('comment', 'acknowledged', 'cleared', 'muted', 'unmuted')),
        author_id uuid NOT NULL,
        author_name text NOT NULL,
        text text,
        until timestamptz,
        edited_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, alarm_id) REFERENCES alarm (tenant_id, id) ON DELETE CASCADE,
        CHECK (kind <> 'comment' OR text IS NOT NULL)
      );
      CREATE INDEX alarm_comment_history ON alarm_comment (tenant_id, alarm_id, kind, created_at);

      CREATE TABLE alarm_mute (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        originator_id uuid NOT NULL,
        alarm_type text NOT NULL,
        alarm_id uuid,
        until timestamptz,
        reason text,
        muted_by text NOT NULL,
        muted_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, originator_id, alarm_type),
        FOREIGN KEY (tenant_id, alarm_id) REFERENCES alarm (tenant_id, id) ON DELETE CASCADE,
        CHECK ((until IS NULL) <> (alarm_id IS NULL))
      );
      CREATE INDEX alarm_mute_of_alarm ON alarm_mute (tenant_id, alarm_id) WHERE alarm_id IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE alarm_mute, alarm_comment');
  }
}
