import type { RefusedRecipient } from '@signalpost/contracts';
import type { EmailDraft } from '@signalpost/rule-nodes/runtime';

import { LIVE_INSTANCES_SQL, type Database } from '../../db/index.js';
import type { ServerRef } from '../servers/choose-server.js';
import { moveAway } from './move-system-mails.js';
import type { MailGroup } from '../outbox-signal.js';
import { BLOCKED, HOLD_SECONDS, Holds, toGroup, type PlaceRow } from './holds.js';
import type { ClaimedMail, DeliveryKey, SystemMailRef, ToClaim, WaitingGroup, Want } from './delivery-rows.js';

interface GroupRow extends PlaceRow {
  readonly revision: number | null;
  readonly grant_revision: number | null;
  readonly consented_at: number | null;
  readonly active: boolean | null;
  readonly per_minute: number | null;
  readonly due_in_ms: number;
}

/** Walks from group to group over `delivery_due`, never over the mails of a group. */
const GROUPS = {
  name: 'outbox-groups',
  text: `
    WITH RECURSIVE grp AS (
      (SELECT server_tenant_id, server_id, priority, tenant_id FROM delivery WHERE state = 'waiting' AND held_until IS NULL
       ORDER BY server_tenant_id, server_id, priority, tenant_id LIMIT 1)
      UNION ALL
      SELECT n.* FROM grp g CROSS JOIN LATERAL (
        SELECT d.server_tenant_id, d.server_id, d.priority, d.tenant_id FROM delivery d
        WHERE d.state = 'waiting' AND d.held_until IS NULL
          AND (d.server_tenant_id, d.server_id, d.priority, d.tenant_id) > (g.server_tenant_id, g.server_id, g.priority, g.tenant_id)
        ORDER BY d.server_tenant_id, d.server_id, d.priority, d.tenant_id LIMIT 1
      ) n
    )
    SELECT g.*, s.revision, s.active, (s.settings ->> 'messagesPerMinute')::int AS per_minute,
      o.revision AS grant_revision, (extract(epoch FROM o.obtained_at) * 1000)::float8 AS consented_at,
      greatest(0, ceil(extract(epoch FROM first.next_attempt_at - now()) * 1000))::float8 AS due_in_ms
    FROM grp g
    LEFT JOIN mail_server s ON s.tenant_id = g.server_tenant_id AND s.id = g.server_id
    LEFT JOIN oauth_grant o ON o.tenant_id = s.tenant_id AND o.mail_server_id = s.id
    CROSS JOIN LATERAL (
      SELECT d.next_attempt_at FROM delivery d
      WHERE d.state = 'waiting' AND d.held_until IS NULL AND d.server_tenant_id = g.server_tenant_id
        AND d.server_id = g.server_id AND d.priority = g.priority AND d.tenant_id = g.tenant_id
      ORDER BY d.next_attempt_at, d.seq LIMIT 1
    ) first`,
};

interface MailRow extends PlaceRow {
  readonly id: string;
  readonly created_at: string;
  readonly seq: string;
  readonly attempts: number;
  readonly give_up_in_ms: number;
  readonly alarm_id: string | null;
  readonly parked_id: string | null;
  readonly originator_type: string | null;
  readonly originator_id: string | null;
  readonly draft: EmailDraft | null;
  readonly template: string | null;
  readonly language: string | null;
  readonly variables: string | null;
  readonly refused_by: string[] | null;
  readonly recipients: string[];
  readonly accepted: string[];
  readonly refused: RefusedRecipient[];
  readonly message_id: string | null;
  readonly raw: Buffer | null;
  readonly blocked: boolean;
}

const PICK = {
  name: 'outbox-pick',
  text: `
    WITH want AS MATERIALIZED (
      SELECT w.* FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::uuid[], $5::int[], $6::int[], $7::int[])
        AS w (server_tenant_id, server_id, priority, tenant_id, take, revision, grant_revision)
      LEFT JOIN mail_server s ON s.tenant_id = w.server_tenant_id AND s.id = w.server_id
      LEFT JOIN oauth_grant o ON o.tenant_id = s.tenant_id AND o.mail_server_id = s.id
      WHERE s.revision IS NOT DISTINCT FROM w.revision AND o.revision IS NOT DISTINCT FROM w.grant_revision
    )
    SELECT p.* FROM want w CROSS JOIN LATERAL (
      SELECT d.tenant_id, d.id, d.created_at::text AS created_at, d.server_tenant_id, d.server_id, d.priority, d.seq,
        d.attempts, (extract(epoch FROM d.give_up_at - now()) * 1000)::float8 AS give_up_in_ms, d.alarm_id, d.parked_id,
        d.originator_type, d.originator_id, d.draft, d.template, d.language, d.variables, d.refused_by, d.recipients,
        d.accepted, d.refused, d.message_id, d.raw, ${BLOCKED('$8')} AS blocked
      FROM delivery d
      WHERE d.state = 'waiting' AND d.held_until IS NULL AND d.server_tenant_id = w.server_tenant_id
        AND d.server_id = w.server_id AND d.priority = w.priority AND d.tenant_id = w.tenant_id AND d.next_attempt_at <= now()
      ORDER BY d.next_attempt_at, d.seq LIMIT w.take
    ) p`,
};

export interface Picked {
  readonly mails: readonly ClaimedMail[];
  /** Whose turn it is, blocked ones as well. */
  readonly seen: readonly MailGroup[];
  /** Some were held, so the next pick sees others. */
  readonly held: boolean;
  /** Where mails were let go meanwhile. */
  readonly freed: readonly MailGroup[];
}

/** What the sender asks of the table `delivery` before it sends. */
export class Claims {
  readonly holds: Holds;

  constructor(private readonly db: Database) {
    this.holds = new Holds(db);
  }

  /** Everything that waits and is not held, and the revisions of its servers: the first statement of every round. */
  async groups(): Promise<WaitingGroup[]> {
    const rows = await this.db.query<GroupRow>(GROUPS);
    return rows.map((row) => ({
      ...toGroup(row),
      version:
        row.revision === null
          ? null
          : { revision: row.revision, grantRevision: row.grant_revision, consentedAt: row.consented_at },
      active: row.active ?? true,
      messagesPerMinute: row.per_minute,
      dueInMs: row.due_in_ms,
    }));
  }

  /**
   * What is to be claimed next; nothing of servers that have other settings or another token by now than `groups` said, and
   * nothing that an earlier mail of its alarm stands before: that is held from now on. Holds once, so that no alarm keeps others
   * waiting, however fast its mails come; what is still blocked then, the next pick holds.
   * @param owner who is going to claim it
   */
  async pick(wants: readonly Want[], owner: number): Promise<Picked> {
    const rows = await this.#pickOnce(wants);
    const blocked = rows.filter((row) => row.blocked);
    if (blocked.length === 0) return { ...picked(rows, owner), held: false, freed: [] };
    const { some: held, freed } = await this.holds.hold(blocked);
    return { ...picked(await this.#pickOnce(wants), owner), held, freed };
  }

  #pickOnce(wants: readonly Want[]): Promise<MailRow[]> {
    return this.db.query<MailRow>(PICK, [
      wants.map(({ server }) => server.tenantId),
      wants.map(({ server }) => server.id),
      wants.map(({ priority }) => priority),
      wants.map(({ tenantId }) => tenantId),
      wants.map(({ take }) => take),
      wants.map(({ version }) => version?.revision ?? null),
      wants.map(({ version }) => version?.grantRevision ?? null),
      HOLD_SECONDS,
    ]);
  }

  /**
   * Claims what was picked, and keeps the bytes that were made of it: in one statement, before any of them leaves.
   * @returns the ids of those that nobody else claimed, tried, cancelled or moved to another server meanwhile
   */
  async claim(mails: readonly ToClaim[]): Promise<Set<string>> {
    if (mails.length === 0) return new Set();
    const rows = await this.db.query<{ id: string }>(CLAIM, [
      mails.map(({ mail }) => mail.tenantId),
      mails.map(({ mail }) => mail.id),
      mails.map(({ mail }) => mail.createdAt),
      mails.map(({ mail }) => mail.server.id),
      mails.map(({ mail }) => mail.attempts),
      mails.map(({ mail }) => mail.owner),
      mails.map(({ kept }) => kept?.messageId ?? null),
      mails.map(({ kept }) => kept?.raw ?? null),
    ]);
    return new Set(rows.map(({ id }) => id));
  }

  /** See `moveAway`. */
  moveAway(from: ServerRef, to: ServerRef): Promise<number> {
    return moveAway(this.db, from, to);
  }

  /** Back to waiting without an attempt: the server is to be left alone, or this process stops. */
  async giveBack(mails: readonly DeliveryKey[]): Promise<void> {
    await this.db.query(
      `UPDATE delivery d SET state = 'waiting', owner = NULL
       FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::int[]) AS k (tenant_id, id, created_at, owner)
       WHERE d.tenant_id = k.tenant_id AND d.id = k.id AND d.created_at = k.created_at AND d.state = 'sending' AND d.owner = k.owner`,
      [
        mails.map(({ tenantId }) => tenantId),
        mails.map(({ id }) => id),
        mails.map(({ createdAt }) => createdAt),
        mails.map(({ owner }) => owner),
      ],
    );
  }

  /** As `giveBack`, for what is this process's by the table alone. */
  async giveBackUnknown(owner: number, known: readonly string[]): Promise<void> {
    await this.db.query(
      `UPDATE delivery SET state = 'waiting', owner = NULL WHERE state = 'sending' AND owner = $1 AND id <> ALL ($2::uuid[])`,
      [owner, known],
    );
  }

  /**
   * What instances that died had under way waits again, at once.
   * @param known what this process has under way, under an id that it may have lost meanwhile
   */
  async takeFromTheDead(known: readonly string[]): Promise<void> {
    await this.db.query(
      `UPDATE delivery SET state = 'waiting', owner = NULL
       WHERE state = 'sending' AND (owner IS NULL OR owner <> ALL (ARRAY${LIVE_INSTANCES_SQL})) AND id <> ALL ($1::uuid[])`,
      [known],
    );
  }
}

/**
 * By its key alone: a plan that is made for good may otherwise walk over all that waits, since `delivery_due` also fits. Hence
 * IS NOT DISTINCT FROM.
 */
const CLAIM = {
  name: 'outbox-claim',
  text: `
    UPDATE delivery d SET state = 'sending', owner = k.owner, raw = coalesce(k.raw, d.raw), message_id = coalesce(k.message_id, d.message_id)
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::int[], $6::int[], $7::text[], $8::bytea[])
      AS k (tenant_id, id, created_at, server_id, attempts, owner, message_id, raw)
    WHERE d.tenant_id = k.tenant_id AND d.id = k.id AND d.created_at = k.created_at
      AND d.state IS NOT DISTINCT FROM 'waiting' AND d.server_id IS NOT DISTINCT FROM k.server_id
      AND d.attempts = k.attempts AND (d.raw IS NULL OR k.raw IS NULL) AND (d.held_until IS NULL) IS TRUE
    RETURNING d.id`,
};

function picked(rows: readonly MailRow[], owner: number): Pick<Picked, 'mails' | 'seen'> {
  const open = rows.filter((row) => !row.blocked).map((row) => toMail(row, owner));
  const mails = open.sort((one, other) => Number(BigInt(one.seq) - BigInt(other.seq)));
  return { mails, seen: rows.map(toGroup) };
}

function toMail(row: MailRow, owner: number): ClaimedMail {
  const { originator_type: type, originator_id: originatorId } = row;
  return {
    ...toGroup(row),
    id: row.id,
    createdAt: row.created_at,
    owner,
    seq: row.seq,
    attempts: row.attempts,
    giveUpInMs: row.give_up_in_ms,
    alarmId: row.alarm_id,
    parkedId: row.parked_id,
    originator: type === null || originatorId === null ? null : { type, id: originatorId },
    draft: row.draft ?? {},
    system: systemMailOf(row),
    recipients: row.recipients,
    accepted: row.accepted,
    refused: row.refused,
    messageId: row.message_id,
    raw: row.raw,
  };
}

function systemMailOf({ template, language, variables, refused_by: refusedBy }: MailRow): SystemMailRef | null {
  if (template === null) return null;
  return { template, language: language ?? '', variables: variables ?? '', refusedBy: refusedBy ?? [] };
}
