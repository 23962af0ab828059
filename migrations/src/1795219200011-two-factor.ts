import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is asked for besides a password, and how a tenant's own identity provider signs people in.
 *
 * `two_factor` holds the secret of an authenticator app (sealed), a new one that is not confirmed yet, and the last time
 * step that was used: a code works once. Recovery codes stand as hashes alone; using one deletes it.
 *
 * `pending_sign_in` is somebody whose password was right. The token in the cookie is hashed here, and it is part of what the
 * code by mail is hashed with, so that six digits cannot be guessed from a copy of the table.
 *
 * `identity_link` ties an account to the subject that a provider calls it, since addresses change hands.
 */
export class TwoFactor1795219200011 implements MigrationInterface {
  name = 'TwoFactor1795219200011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE two_factor (
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        secret text,
        since timestamptz,
        last_step bigint,
        new_secret text,
        email_codes boolean NOT NULL DEFAULT false,
        PRIMARY KEY (tenant_id, user_id),
        FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE,
        CHECK ((secret IS NULL) = (since IS NULL))
      );

      CREATE TABLE recovery_code (
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        code_hash bytea NOT NULL,
        PRIMARY KEY (tenant_id, user_id, code_hash),
        FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
      );

      CREATE TABLE pending_sign_in (
        token_hash bytea PRIMARY KEY,
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        failures int NOT NULL DEFAULT 0,
        codes_sent int NOT NULL DEFAULT 0,
        code_hash bytea,
        FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
      );
      CREATE INDEX pending_sign_in_end ON pending_sign_in (expires_at);
      CREATE INDEX pending_sign_in_by_user ON pending_sign_in (tenant_id, user_id);

      CREATE TABLE sign_in_policy (
        tenant_id uuid PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
        two_factor_required_for text[] NOT NULL,
        managed boolean NOT NULL DEFAULT false
      );

      CREATE TABLE identity_provider (
        tenant_id uuid PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
        settings jsonb NOT NULL,
        secret_changed_at timestamptz,
        managed boolean NOT NULL DEFAULT false,
        updated_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE identity_link (
        tenant_id uuid NOT NULL,
        issuer text NOT NULL,
        subject text NOT NULL,
        user_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, issuer, subject),
        FOREIGN KEY (tenant_id, user_id) REFERENCES user_account (tenant_id, id) ON DELETE CASCADE
      );
      CREATE INDEX identity_link_by_user ON identity_link (tenant_id, user_id);

      CREATE TABLE oidc_sign_in (
        state_hash bytea PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        browser_hash bytea NOT NULL,
        nonce text NOT NULL,
        verifier text NOT NULL,
        return_url text NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX oidc_sign_in_end ON oidc_sign_in (expires_at);
      CREATE INDEX oidc_sign_in_by_tenant ON oidc_sign_in (tenant_id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP TABLE oidc_sign_in, identity_link, identity_provider, sign_in_policy, pending_sign_in, recovery_code, two_factor',
    );
  }
}
