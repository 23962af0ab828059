import { auditActorSchema } from '@signalpost/contracts';
import { z } from 'zod';

import { hashToken, type Actor } from '../../access/index.js';
import type { Queryable, UnitOfWork } from '../../db/index.js';
import type { SecretBox } from '../../secrets/index.js';
import type { GrantRef } from './grant-row.js';

export interface NewAuthorization {
  readonly ref: GrantRef;
  readonly purpose: 'consent' | 'hand-over' | 'device';
  /** What comes back: OAuth's `state`, the hand-over link's token, the device code. Only its hash is kept. */
  readonly key: string;
  readonly grantRevision: number;
  /** PKCE verifier or device code: sealed. */
  readonly secret?: string;
  readonly details?: object;
  readonly by: Actor;
  readonly nonce?: string;
  readonly redirectUri?: string;
  /** Hash of the session or the hand-over cookie that may finish it. */
  readonly boundTo?: Buffer;
  readonly nextPollAt?: number;
  readonly now: number;
  readonly expiresAt: number;
}

/** `oauth_authorization` as SQL gives it. */
export interface AuthorizationRow {
  readonly state_hash: Buffer;
  readonly tenant_id: string;
  readonly mail_server_id: string;
  readonly purpose: NewAuthorization['purpose'];
  readonly sealed: string | null;
  readonly details: unknown;
  readonly nonce: string | null;
  readonly redirect_uri: string | null;
  readonly bound_to: Buffer | null;
  readonly next_poll_at: Date | null;
  readonly expires_at: Date;
  readonly used_at: Date | null;
}

/** Whoever began a consent is who finishes it: the session, the cookie or the device code says so. */
const begunSchema = z.object({ actor: auditActorSchema });

export const begunBy = ({ details }: AuthorizationRow, source?: string): Actor => ({
  actor: begunSchema.safeParse(details).data?.actor ?? { kind: 'anonymous' },
  ...(source === undefined ? {} : { source }),
});

/** How long it is known that a consent was too late; then its row goes. */
const KEPT_MS = 24 * 3600_000;

/** The one writer of `oauth_authorization`: consents under way. */
export class Authorizations {
  constructor(private readonly secrets: SecretBox) {}

  /** Replaces what was under way for the same purpose: the newest start is the one that counts. */
  async start(uow: UnitOfWork, begun: NewAuthorization): Promise<void> {
    const { tenantId, serverId } = begun.ref;
    await uow.query('DELETE FROM oauth_authorization WHERE tenant_id = $1 AND mail_server_id = $2 AND purpose = $3', [
      tenantId,
      serverId,
      begun.purpose,
    ]);
    await uow.query(
      `INSERT INTO oauth_authorization (state_hash, tenant_id, mail_server_id, purpose, grant_revision, sealed, details, nonce,
         redirect_uri, bound_to, next_poll_at, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        hashToken(begun.key),
        tenantId,
        serverId,
        begun.purpose,
        begun.grantRevision,
        begun.secret === undefined ? null : this.secrets.seal(begun.secret, placeOf(tenantId, serverId)),
        JSON.stringify({ ...begun.details, actor: begun.by.actor }),
        begun.nonce ?? null,
        begun.redirectUri ?? null,
        begun.boundTo ?? null,
        begun.nextPollAt === undefined ? null : new Date(begun.nextPollAt),
        new Date(begun.now),
        new Date(begun.expiresAt),
      ],
    );
  }

  async find(db: Queryable, key: string): Promise<AuthorizationRow | undefined> {
    const [row] = await db.query<AuthorizationRow>('SELECT * FROM oauth_authorization WHERE state_hash = $1', [
      hashToken(key),
    ]);
    return row;
  }

  /** @returns false when somebody else used it already */
  async use(db: Queryable, row: AuthorizationRow, now: number): Promise<boolean> {
    const sql = 'UPDATE oauth_authorization SET used_at = $2 WHERE state_hash = $1 AND used_at IS NULL RETURNING 1';
    return (await db.query(sql, [row.state_hash, new Date(now)])).length > 0;
  }

  /** @throws SecretError */
  secretOf(row: AuthorizationRow): string {
    return row.sealed === null ? '' : this.secrets.open(row.sealed, placeOf(row.tenant_id, row.mail_server_id));
  }

  /** The device sign-in under way, if there is one. */
  async device(db: Queryable, { tenantId, serverId }: GrantRef, now: number): Promise<AuthorizationRow | undefined> {
    const [row] = await db.query<AuthorizationRow>(
      `SELECT * FROM oauth_authorization WHERE tenant_id = $1 AND mail_server_id = $2 AND purpose = 'device'
         AND used_at IS NULL AND expires_at > $3`,
      [tenantId, serverId, new Date(now)],
    );
    return row;
  }

  /** Device sign-ins whose turn it is; nobody else gets them until `until`. */
  claimDevices(db: Queryable, now: number, until: number, limit: number): Promise<AuthorizationRow[]> {
    return db.query<AuthorizationRow>(
      `UPDATE oauth_authorization SET next_poll_at = $2 WHERE state_hash IN (
         SELECT state_hash FROM oauth_authorization WHERE next_poll_at <= $1 AND used_at IS NULL
         ORDER BY next_poll_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *`,
      [new Date(now), new Date(until), limit],
    );
  }

  async pollAgain(db: Queryable, row: AuthorizationRow, at: number, details: object): Promise<void> {
    await db.query('UPDATE oauth_authorization SET next_poll_at = $2, details = $3 WHERE state_hash = $1', [
      row.state_hash,
      new Date(at),
      JSON.stringify(details),
    ]);
  }

  async drop(db: Queryable, row: AuthorizationRow): Promise<void> {
    await db.query('DELETE FROM oauth_authorization WHERE state_hash = $1', [row.state_hash]);
  }

  /** Consents that nobody finished. @returns the grants that waited for them */
  async sweep(db: Queryable, now: number): Promise<GrantRef[]> {
    await db.query('DELETE FROM oauth_authorization WHERE expires_at < $1', [new Date(now - KEPT_MS)]);
    const rows = await db.query<{ tenant_id: string; mail_server_id: string }>(
      `SELECT tenant_id, mail_server_id FROM oauth_grant g WHERE state = 'waiting-for-consent' AND NOT EXISTS (
         SELECT 1 FROM oauth_authorization a WHERE a.tenant_id = g.tenant_id AND a.mail_server_id = g.mail_server_id
           AND a.used_at IS NULL AND a.expires_at > $1)`,
      [new Date(now)],
    );
    return rows.map((row) => ({ tenantId: row.tenant_id, serverId: row.mail_server_id }));
  }
}

const placeOf = (tenantId: string, serverId: string) => ({
  ...{ tenantId, entity: `oauth_authorization/${serverId}` },
  field: 'secret',
});

export const grantOf = (row: AuthorizationRow): GrantRef => ({ tenantId: row.tenant_id, serverId: row.mail_server_id });
