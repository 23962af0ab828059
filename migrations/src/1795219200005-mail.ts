import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Mail servers and the outbox.
 *
 * `mail_server.settings` is one document checked by its zod schema (`schema_version`), with its secrets sealed inside;
 * columns exist for what SQL searches or constrains. `revision` grows on every change: the transport cache's key holds it.
 *
 * `dial_allowed` is what the provisioning file let this server dial although it is no public address, as `host:port`.
 * `secrets_changed` holds when each secret was entered last (epoch ms), by its path in the settings.
 *
 * A deleted server's users go to its successor; `mail_server_successor` leads those messages there that name the old one by an
 * older version of their chain.
 *
 * Settings name secrets of `mail_secret` (of the same scope) and connectors by id inside the document, so no foreign key
 * holds them: who deletes one looks for its users under its row lock, and who saves a server locks what it names.
 * A connector is the system's: a way through a proxy, which tenants may use where it is shared.
 *
 * `system_mail_count` counts a tenant's mails over the system's servers by day (UTC), in shards by connection, so that batches
 * that enqueue at the same time do not wait for each other.
 *
 * `delivery` is one mail and what became of it. It is partitioned by time and dropped by partition, so what must stay
 * unique lives in `delivery_key`: the same message at the same node is the same mail, however often it is run.
 * `server_tenant_id` tells a tenant's own server from the system's. `held_until` is set when a mail's turn comes while an
 * earlier one of its alarm to the same recipient is not settled: held rows are not in `delivery_due`, so no claim meets them twice.
 * `delivery_due` has the tenant before the time: a claim takes from each tenant in turn. `raw` is kept from the first
 * attempt on; `settled_at` is set in the five last states. `despite_mute`
 * tells that a person asked for this very mail, which then leaves although its alarm is muted. A mail of the system has `template`, `language` and its sealed `variables`
 * instead of draft and subject; `variables` and `raw` (sealed, too) are erased when it is settled;
 * `refused_by` are the servers that refused it for good, so that it goes over the other one. `accepted` and `refused` tell the recipients apart when a server took only some of them.
 */
export class Mail1795219200005 implements MigrationInterface {
  name = 'Mail1795219200005';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE mail_server (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        active boolean NOT NULL DEFAULT true,
        is_default boolean NOT NULL DEFAULT false,
        is_fallback boolean NOT NULL DEFAULT false,
        settings jsonb NOT NULL,
        schema_version int NOT NULL,
        secrets_changed jsonb NOT NULL DEFAULT '{}',
        revision int NOT NULL DEFAULT 1,
        managed boolean NOT NULL DEFAULT false,
        dial_allowed text[] NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, name)
      );
      CREATE UNIQUE INDEX mail_server_default ON mail_server (tenant_id) WHERE is_default;
      CREATE UNIQUE INDEX mail_server_fallback ON mail_server (tenant_id) WHERE is_fallback;

      CREATE TABLE mail_server_successor (
        tenant_id uuid NOT NULL,
        server_id uuid NOT NULL,
        successor_id uuid NOT NULL,
        PRIMARY KEY (tenant_id, server_id),
        FOREIGN KEY (tenant_id, successor_id) REFERENCES mail_server (tenant_id, id) ON DELETE CASCADE
      );

      CREATE TABLE mail_secret (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        value text NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        revision int NOT NULL DEFAULT 1,
        managed boolean NOT NULL DEFAULT false,
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, name)
      );

      CREATE TABLE mail_connector (
        id uuid PRIMARY KEY,
        name text NOT NULL UNIQUE,
        shared boolean NOT NULL DEFAULT false,
        is_default boolean NOT NULL DEFAULT false,
        settings jsonb NOT NULL,
        schema_version int NOT NULL,
        secrets_changed jsonb NOT NULL DEFAULT '{}',
        revision int NOT NULL DEFAULT 1,
        managed boolean NOT NULL DEFAULT false
      );
      CREATE UNIQUE INDEX mail_connector_default ON mail_connector (is_default) WHERE is_default;

      CREATE TABLE system_mail_count (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        day date NOT NULL,
        shard smallint NOT NULL,
        mails int NOT NULL,
        PRIMARY KEY (tenant_id, day, shard)
      );

      CREATE SEQUENCE delivery_seq;
      -- how far the time of a server with a limit a minute is given away, of all instances together
      CREATE TABLE mail_server_rate (
        tenant_id uuid NOT NULL,
        mail_server_id uuid NOT NULL,
        granted int NOT NULL,
        spoken_until timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, mail_server_id),
        FOREIGN KEY (tenant_id, mail_server_id) REFERENCES mail_server (tenant_id, id) ON DELETE CASCADE
      ) WITH (fillfactor = 50);

      -- test mails, so that "accepted" and "arrived" can be told apart; the link in the mail is known by its hash alone
      CREATE TABLE test_mail (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        mail_server_id uuid,
        recipient text NOT NULL,
        token_hash bytea NOT NULL UNIQUE,
        sent_at timestamptz NOT NULL DEFAULT now(),
        arrived_at timestamptz,
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX test_mail_sent ON test_mail (sent_at);

      CREATE TABLE delivery (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        seq bigint NOT NULL DEFAULT nextval('delivery_seq'),
        server_tenant_id uuid NOT NULL,
        server_id uuid NOT NULL,
        priority smallint NOT NULL DEFAULT 1,
        state text NOT NULL DEFAULT 'waiting'
          CHECK (state IN ('waiting', 'sending', 'accepted', 'refused', 'cancelled', 'expired', 'suppressed')),
        owner int,
        attempts int NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        give_up_at timestamptz NOT NULL,
        alarm_id uuid,
        despite_mute boolean NOT NULL DEFAULT false,
        originator_type text,
        originator_id uuid,
        source jsonb NOT NULL DEFAULT '{}',
        draft jsonb,
        template text,
        language text,
        variables text,
        refused_by uuid[],
        subject text NOT NULL DEFAULT '',
        recipients text[] NOT NULL,
        message_id text,
        raw bytea,
        parked_id uuid,
        held_until timestamptz,
        accepted text[] NOT NULL DEFAULT '{}',
        refused jsonb NOT NULL DEFAULT '[]',
        reply text,
        failure jsonb,
        settled_at timestamptz,
        PRIMARY KEY (tenant_id, id, created_at)
      ) PARTITION BY RANGE (created_at);
      CREATE TABLE delivery_default PARTITION OF delivery DEFAULT;
      CREATE INDEX delivery_due ON delivery (server_tenant_id, server_id, priority, tenant_id, next_attempt_at, seq)
        WHERE state = 'waiting' AND held_until IS NULL;
      CREATE INDEX delivery_held ON delivery (held_until) WHERE state = 'waiting' AND held_until IS NOT NULL;
      CREATE INDEX delivery_unsettled ON delivery (give_up_at, tenant_id) WHERE settled_at IS NULL;
      CREATE INDEX delivery_sending ON delivery (owner) WHERE state = 'sending';
      CREATE INDEX delivery_alarm ON delivery (alarm_id, seq) WHERE state IN ('waiting', 'sending') AND alarm_id IS NOT NULL;
      CREATE INDEX delivery_page ON delivery (tenant_id, created_at DESC, id DESC);
      CREATE INDEX delivery_of_system ON delivery (created_at DESC) WHERE template IS NOT NULL;
      CREATE INDEX delivery_failed_page ON delivery (tenant_id, state, created_at DESC, id DESC)
        WHERE state IN ('refused', 'cancelled', 'expired', 'suppressed');

      CREATE TABLE delivery_key (
        tenant_id uuid NOT NULL,
        message_id uuid NOT NULL,
        node_id uuid NOT NULL,
        mail_number int NOT NULL,
        delivery_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, message_id, node_id, mail_number)
      );
      CREATE INDEX delivery_key_age ON delivery_key (created_at);

      CREATE TABLE delivery_attempt (
        tenant_id uuid NOT NULL,
        delivery_id uuid NOT NULL,
        attempt int NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        server_revision int NOT NULL,
        duration_ms int NOT NULL,
        accepted boolean NOT NULL,
        reply text,
        failure jsonb,
        PRIMARY KEY (tenant_id, delivery_id, attempt, at)
      ) PARTITION BY RANGE (at);
      CREATE TABLE delivery_attempt_default PARTITION OF delivery_attempt DEFAULT;

      CREATE TABLE inbox_message (
        tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        sender text NOT NULL,
        recipients text[] NOT NULL,
        subject text NOT NULL DEFAULT '',
        preview text NOT NULL DEFAULT '',
        raw bytea NOT NULL,
        PRIMARY KEY (tenant_id, id)
      );
      CREATE INDEX inbox_message_page ON inbox_message (tenant_id, received_at DESC, id DESC);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP TABLE inbox_message, delivery_attempt, delivery_key, delivery, test_mail, mail_server_rate, system_mail_count, mail_connector, mail_secret, mail_server_successor, mail_server',
    );
    await db.query('DROP SEQUENCE delivery_seq');
  }
}
