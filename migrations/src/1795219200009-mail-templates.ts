import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The texts of the system's mails that somebody changed, and the looks of all of them.
 *
 * `mail_template` holds what is in force, for the system (nil tenant) or for one tenant; where there is no row, the scope above
 * and then the product's own words hold. `mail_template_version` is the history: `content` is null where it was reset.
 * `failure` tells since when a text cannot be used, until it is saved again.
 * `branding` has null for what the scope above decides.
 * `notice_told` remembers what administrators were told by mail, as long as it is so: nobody is told twice.
 */
export class MailTemplates1795219200009 implements MigrationInterface {
  name = 'MailTemplates1795219200009';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE mail_template (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        template text NOT NULL,
        language text NOT NULL,
        content jsonb NOT NULL,
        revision int NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        changed_by text NOT NULL,
        failure jsonb,
        PRIMARY KEY (tenant_id, template, language)
      );

      CREATE TABLE mail_template_version (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        template text NOT NULL,
        language text NOT NULL,
        revision int NOT NULL,
        content jsonb,
        changed_at timestamptz NOT NULL DEFAULT now(),
        changed_by text NOT NULL,
        PRIMARY KEY (tenant_id, template, language, revision)
      );

      CREATE TABLE branding (
        tenant_id uuid PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
        product_name text,
        accent text,
        header text,
        logo bytea,
        logo_type text,
        logo_width int,
        logo_height int,
        revision int NOT NULL DEFAULT 1,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((logo IS NULL) = (logo_type IS NULL) AND (logo IS NULL) = (logo_width IS NULL) AND (logo IS NULL) = (logo_height IS NULL))
      );

      CREATE TABLE notice_told (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        key text NOT NULL,
        told_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, key)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE notice_told, branding, mail_template_version, mail_template');
  }
}
