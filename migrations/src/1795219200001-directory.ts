import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who and what exists. Every tenant table has the key (tenant_id, id), and every foreign key carries tenant_id with it,
 * so that a row can never point into another tenant. The system scope is a tenant row of its own with the nil UUID:
 * mail servers and users of the system then obey the same keys.
 *
 * `deleted_tenant` names those whose history is still being deleted, and whose last messages and mails may be under way: what
 * they leave is swept up until there is nothing more.
 *
 * Sessions and counters of sign-ins are deleted by their end at each sign-in: an index finds the few that are over among all.
 *
 * `revision` counts changes by people, so that nobody overwrites what somebody else changed meanwhile. `managed` marks what
 * the provisioning file names: the UI locks it. Secrets stand here only as hashes.
 */
export class Directory1795219200001 implements MigrationInterface {
  name = 'Directory1795219200001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE tenant (
        id uuid PRIMARY KEY,
        name text NOT NULL UNIQUE,
        kind text NOT NULL CHECK (kind IN ('system', 'tenant')),
        limits jsonb NOT NULL DEFAULT '{}',
        language text NOT NULL DEFAULT 'en',
        notices jsonb NOT NULL DEFAULT '{}',
        notices_managed boolean NOT NULL DEFAULT false,
        revision int NOT NULL DEFAULT 1,
        managed boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      INSERT INTO tenant (id, name, kind) VALUES ('00000000-0000-0000-0000-000000000000', 'System', 'system');

      CREATE TABLE deleted_tenant (
        id uuid PRIMARY KEY,
        deleted_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE customer (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        name text NOT NULL,
        revision int NOT NULL DEFAULT 1,
        managed boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, name)
      );

      CREATE TABLE user_account (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        email text NOT NULL,
        name text NOT NULL DEFAULT '',
        role text NOT NULL CHECK (role IN ('system-administrator', 'tenant-administrator', 'tenant-operator', 'customer-user')),
        customer_id uuid,
        password_hash text,
        password_changed_at timestamptz,
        activated_at timestamptz,
        language text,
        time_zone text,
        notices jsonb NOT NULL DEFAULT '{}',
        failed_sign_ins int NOT NULL DEFAULT 0,
        locked_until timestamptz,
        last_sign_in_at timestamptz,
        active boolean NOT NULL DEFAULT true,
        revision int NOT NULL DEFAULT 1,
        managed boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
        CHECK ((role = 'customer-user') = (customer_id IS NOT NULL)),
        CHECK (password_hash IS NULL OR activated_at IS NOT NULL)
      );
      CREATE UNIQUE INDEX user_account_email ON user_account (lower(email));
      CREATE UNIQUE INDEX user_account_id ON user_account (id);

      CREATE TABLE session (
        token_hash bytea PRIMARY KEY,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        source_address text,
        user_agent text,
        FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
      );
      CREATE INDEX session_by_user ON session (user_id);
      CREATE INDEX session_end ON session (expires_at);

      CREATE TABLE sign_in_count (
        key text PRIMARY KEY,
        attempts int NOT NULL,
        until timestamptz NOT NULL
      );
      CREATE INDEX sign_in_count_end ON sign_in_count (until);

      CREATE TABLE api_token (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        name text NOT NULL,
        token_hash bytea NOT NULL UNIQUE,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
      );

      CREATE TABLE first_administrator_link (
        token_hash bytea PRIMARY KEY,
        expires_at timestamptz NOT NULL
      );

      CREATE TABLE device (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        name text NOT NULL,
        type text NOT NULL DEFAULT 'default',
        label text NOT NULL DEFAULT '',
        customer_id uuid,
        token_hash bytea NOT NULL UNIQUE,
        managed boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, name),
        FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
      );

      CREATE TABLE secret_key (
        kid text PRIMARY KEY,
        check_value text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP TABLE secret_key, device, first_administrator_link, api_token, sign_in_count, session, user_account, customer, deleted_tenant, tenant',
    );
  }
}
