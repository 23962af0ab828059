import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How people come in and stay safe. Links are kept as hashes alone: what a mail or an administrator shows exists nowhere
 * else. A link that was used or is too old stays for a while, so that its page can say what is wrong with it.
 *
 * `link_request` is the one path of everybody who asks for a mail without being signed in: the request only leaves a row,
 * whether or not it names somebody, and a worker takes it from there.
 *
 * `known_device` remembers browsers that have signed in: a stranger's wrong passwords do not lock them out, and a sign-in
 * from any other is told to the person.
 */
export class Accounts1795219200008 implements MigrationInterface {
  name = 'Accounts1795219200008';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE account_link (
        token_hash bytea PRIMARY KEY,
        purpose text NOT NULL CHECK (purpose IN ('activation', 'password-reset', 'address-confirmation', 'address-undo', 'unlock')),
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        address text,
        delivery_id uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        opened_at timestamptz,
        used_at timestamptz,
        FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE,
        CHECK ((purpose IN ('address-confirmation', 'address-undo')) = (address IS NOT NULL))
      );
      CREATE INDEX account_link_by_user ON account_link (user_id, purpose, created_at);
      CREATE INDEX account_link_end ON account_link (expires_at);
      CREATE INDEX account_link_by_delivery ON account_link (delivery_id);

      CREATE TABLE link_request (
        id uuid PRIMARY KEY,
        email text,
        source text,
        token_hash bytea,
        created_at timestamptz NOT NULL DEFAULT now(),
        attempts int NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((email IS NULL) <> (token_hash IS NULL))
      );
      CREATE INDEX link_request_due ON link_request (due_at);

      CREATE TABLE known_device (
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        device_hash bytea NOT NULL,
        network text NOT NULL,
        user_agent text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, device_hash),
        FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE known_device, link_request, account_link');
  }
}
