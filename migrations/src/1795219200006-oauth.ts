import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * OAuth applications, the grants of mail servers, and consents under way.
 *
 * `oauth_application.settings` is one document checked by its zod schema, with its secrets sealed inside. A tenant's grant
 * may name an application of the system (`application_tenant_id`), so no foreign key can hold the two: who deletes an
 * application looks for its grants under its row lock.
 * `dial_allowed` is what the provisioning file let it reach although it is no public address, as `host:port`.
 *
 * `oauth_grant` is the only store of tokens. `revision` grows with each token and each change of what the grant belongs
 * to: a token is saved only over the revision that it was made of. `lease_owner` is the instance that is asking the
 * provider; one that is not alive any more holds nothing. `warned_days` is the last warning given (14, 7, 3, 1).
 *
 * `oauth_authorization` is a consent under way: single use, bound to the session or hand-over link that began it. Of a
 * device sign-in it is the only state: whoever finds it due polls.
 */
export class OAuth1795219200006 implements MigrationInterface {
  name = 'OAuth1795219200006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE oauth_application (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        name text NOT NULL,
        provider text NOT NULL,
        settings jsonb NOT NULL,
        schema_version int NOT NULL,
        secrets_changed jsonb NOT NULL DEFAULT '{}',
        secret_expires_at timestamptz,
        shared boolean NOT NULL DEFAULT false,
        revision int NOT NULL DEFAULT 1,
        managed boolean NOT NULL DEFAULT false,
        dial_allowed text[] NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, name)
      );

      CREATE TABLE oauth_grant (
        tenant_id uuid NOT NULL,
        mail_server_id uuid NOT NULL,
        application_tenant_id uuid NOT NULL,
        application_id uuid NOT NULL,
        flow text NOT NULL,
        mailbox text NOT NULL,
        shared_mailbox text,
        scopes text[] NOT NULL,
        state text NOT NULL DEFAULT 'none'
          CHECK (state IN ('none', 'waiting-for-consent', 'valid', 'expiring', 'needs-consent', 'failing')),
        account text,
        access_token text,
        access_expires_at timestamptz,
        refresh_token text,
        refresh_expires_at timestamptz,
        expiry_note text,
        obtained_at timestamptz,
        last_refresh_at timestamptz,
        next_refresh_at timestamptz,
        last_error jsonb,
        failures int NOT NULL DEFAULT 0,
        warned_days int,
        lease_owner int,
        revision int NOT NULL DEFAULT 1,
        PRIMARY KEY (tenant_id, mail_server_id),
        FOREIGN KEY (tenant_id, mail_server_id) REFERENCES mail_server (tenant_id, id) ON DELETE CASCADE
      );
      CREATE INDEX oauth_grant_due ON oauth_grant (next_refresh_at) WHERE next_refresh_at IS NOT NULL;
      CREATE INDEX oauth_grant_application ON oauth_grant (application_tenant_id, application_id);

      CREATE TABLE oauth_authorization (
        state_hash bytea PRIMARY KEY,
        tenant_id uuid NOT NULL,
        mail_server_id uuid NOT NULL,
        purpose text NOT NULL CHECK (purpose IN ('consent', 'hand-over', 'device')),
        grant_revision int NOT NULL,
        sealed text,
        details jsonb NOT NULL DEFAULT '{}',
        nonce text,
        redirect_uri text,
        bound_to bytea,
        next_poll_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        FOREIGN KEY (tenant_id, mail_server_id) REFERENCES oauth_grant (tenant_id, mail_server_id) ON DELETE CASCADE
      );
      CREATE INDEX oauth_authorization_grant ON oauth_authorization (tenant_id, mail_server_id);
      CREATE INDEX oauth_authorization_end ON oauth_authorization (expires_at);
      CREATE INDEX oauth_authorization_poll ON oauth_authorization (next_poll_at) WHERE next_poll_at IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE oauth_authorization, oauth_grant, oauth_application');
  }
}
