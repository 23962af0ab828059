import { isDeepStrictEqual } from 'node:util';

import type { OAuthFlow, OAuthGrantState } from '@signalpost/contracts';

import { SYSTEM_ACTOR, type Actor } from '../../access/index.js';
import { LIVE_INSTANCES_SQL, type Database, type Queryable, type UnitOfWork } from '../../db/index.js';
import type { ApplicationRef } from './application-in-use.js';
import { nextTry } from './expiry.js';
import { noteGrant } from './grant-audit.js';
import { type GrantTokens, refOf, type GrantRef, type GrantRow } from './grant-row.js';
import { healedBy, type OAuthFailure } from './oauth-failures.js';

/** What a mail server's settings ask for. */
export interface GrantWanted {
  readonly application: ApplicationRef;
  readonly flow: OAuthFlow;
  readonly mailbox: string;
  readonly sharedMailbox: string | null;
  readonly scopes: readonly string[];
}

/** Tokens to keep; what is undefined stays as it is. */
export interface NewTokens {
  readonly accessToken: string;
  readonly accessExpiresAt: number;
  readonly refreshToken: string | undefined;
  readonly refreshExpiresAt: number | null;
  readonly expiryNote: string | null;
  readonly state: OAuthGrantState;
  readonly nextRefreshAt: number;
}

/** Told of what changed, after the commit. */
export interface GrantEvents {
  changed(ref: GrantRef): void;
  /** The grant ended on our side; its refresh token may be revoked at the provider. */
  ended(row: GrantRow): void;
}

const NO_TOKENS = `access_token = NULL, access_expires_at = NULL, refresh_token = NULL, refresh_expires_at = NULL,
  expiry_note = NULL, account = NULL, obtained_at = NULL, last_refresh_at = NULL, failures = 0, warned_days = NULL`;

/**
 * The one writer of `oauth_grant`. Tokens are saved over the revision that they were made of and over no other, so that a
 * grant that was ended or consented anew meanwhile is not overwritten.
 */
export class Grants {
  readonly tokens: GrantTokens;

  constructor(
    private readonly db: Database,
    tokens: GrantTokens,
    private readonly events: GrantEvents,
  ) {
    this.tokens = tokens;
  }

  async find(db: Queryable, { tenantId, serverId }: GrantRef): Promise<GrantRow | undefined> {
    const sql = 'SELECT * FROM oauth_grant WHERE tenant_id = $1 AND mail_server_id = $2';
    const [row] = await db.query<GrantRow>(sql, [tenantId, serverId]);
    return row;
  }

  /**
   * Says what a saved mail server signs in with. The same again changes nothing; another application, flow, mailbox or
   * scopes end what was consented. Call it in the transaction that saves the server.
   */
  async attach(uow: UnitOfWork, ref: GrantRef, wanted: GrantWanted, actor: Actor): Promise<void> {
    const old = await this.#lock(uow, ref);
    if (old !== undefined && isDeepStrictEqual(wantedOf(old), wanted)) return;
    const { application, flow, mailbox, sharedMailbox, scopes } = wanted;
    await uow.query(
      `INSERT INTO oauth_grant (tenant_id, mail_server_id, application_tenant_id, application_id, flow, mailbox, shared_mailbox, scopes, next_refresh_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $5 IN ('clientCredentials', 'serviceAccount') THEN now() END)
       ON CONFLICT (tenant_id, mail_server_id) DO UPDATE SET application_tenant_id = $3, application_id = $4, flow = $5,
         mailbox = $6, shared_mailbox = $7, scopes = $8, state = 'none', last_error = NULL, ${NO_TOKENS},
         next_refresh_at = EXCLUDED.next_refresh_at, revision = oauth_grant.revision + 1`,
      [ref.tenantId, ref.serverId, application.tenantId, application.id, flow, mailbox, sharedMailbox, [...scopes]],
    );
    await dropAuthorizations(uow, ref);
    await this.#ended(uow, ref, old, actor);
  }

  /** The mail server does not sign in with OAuth any more. */
  async detach(uow: UnitOfWork, ref: GrantRef, actor: Actor): Promise<void> {
    const old = await this.#lock(uow, ref);
    if (old === undefined) return;
    await uow.query('DELETE FROM oauth_grant WHERE tenant_id = $1 AND mail_server_id = $2', [
      ref.tenantId,
      ref.serverId,
    ]);
    await this.#ended(uow, ref, old, actor);
  }

  /** A person ends the consent and keeps the settings. */
  async forget(uow: UnitOfWork, ref: GrantRef, actor: Actor): Promise<void> {
    const old = await this.#lock(uow, ref);
    if (old === undefined) return;
    await uow.query(
      `UPDATE oauth_grant SET state = 'none', last_error = NULL, ${NO_TOKENS}, next_refresh_at = NULL, revision = revision + 1
       WHERE tenant_id = $1 AND mail_server_id = $2`,
      [ref.tenantId, ref.serverId],
    );
    await dropAuthorizations(uow, ref);
    await this.#ended(uow, ref, old, actor);
  }

  /** The application became another one: nothing that was consented to the old one is valid. */
  async endOf(uow: UnitOfWork, application: ApplicationRef, actor: Actor): Promise<void> {
    const rows = await this.#of(uow, application);
    for (const row of rows) {
      await uow.query(
        `UPDATE oauth_grant SET state = 'none', last_error = NULL, ${NO_TOKENS}, revision = revision + 1,
           next_refresh_at = CASE WHEN flow IN ('clientCredentials', 'serviceAccount') THEN now() END
         WHERE tenant_id = $1 AND mail_server_id = $2`,
        [row.tenant_id, row.mail_server_id],
      );
      await dropAuthorizations(uow, refOf(row));
      await this.#ended(uow, refOf(row), row, actor);
    }
  }

  /** The application has a new secret: what failed is tried at once. */
  async retryOf(uow: UnitOfWork, application: ApplicationRef): Promise<void> {
    const rows = await uow.query<GrantRow>(
      `UPDATE oauth_grant SET failures = 0, warned_days = NULL, next_refresh_at = now(), revision = revision + 1
       WHERE application_tenant_id = $1 AND application_id = $2 AND state IN ('valid', 'expiring', 'failing') RETURNING *`,
      [application.tenantId, application.id],
    );
    for (const row of rows) uow.afterCommit(() => this.events.changed(refOf(row)));
  }

  /** Mail servers that sign in with the application. */
  async users(db: Queryable, application: ApplicationRef): Promise<GrantRef[]> {
    const sql = 'SELECT * FROM oauth_grant WHERE application_tenant_id = $1 AND application_id = $2';
    return (await db.query<GrantRow>(sql, [application.tenantId, application.id])).map(refOf);
  }

  /** A person was sent to the provider. What works goes on working meanwhile. */
  async waiting(uow: UnitOfWork, ref: GrantRef): Promise<void> {
    await uow.query(
      `UPDATE oauth_grant SET state = 'waiting-for-consent' WHERE tenant_id = $1 AND mail_server_id = $2 AND state IN ('none', 'needs-consent')`,
      [ref.tenantId, ref.serverId],
    );
    uow.afterCommit(() => this.events.changed(ref));
  }

  /** A consent came to nothing; a working grant keeps working, and its page tells what happened. */
  async consentFailed(ref: GrantRef, failure: OAuthFailure, now: number, actor: Actor): Promise<void> {
    await this.db.transaction(async (uow) => {
      const [row] = await uow.query<GrantRow>(
        `UPDATE oauth_grant SET last_error = $3, state = CASE state WHEN 'waiting-for-consent' THEN 'needs-consent' ELSE state END
         WHERE tenant_id = $1 AND mail_server_id = $2 RETURNING *`,
        [ref.tenantId, ref.serverId, JSON.stringify({ ...failure, at: now })],
      );
      await noteGrant(uow, row, 'consent-refused', actor, { cause: failure.code });
      uow.afterCommit(() => this.events.changed(ref));
    });
  }

  /** @returns false when the grant is not the one any more that the person was asked for */
  async consented(
    ref: GrantRef,
    revision: number,
    tokens: NewTokens,
    account: string | null,
    now: number,
    actor: Actor,
  ): Promise<boolean> {
    const more = ', account = $11, obtained_at = $9, lease_owner = NULL';
    return this.db.transaction(async (uow) => {
      const row = await this.#save(uow, ref, revision, tokens, now, more, [account]);
      await noteGrant(uow, row, 'consented', actor, { account });
      if (row !== undefined) uow.afterCommit(() => this.events.changed(ref));
      return row !== undefined;
    });
  }

  /** After a refresh. Gives the lease back. */
  async refreshed(ref: GrantRef, revision: number, tokens: NewTokens, now: number): Promise<boolean> {
    const more = ', obtained_at = coalesce(obtained_at, $9), lease_owner = NULL';
    const saved = (await this.#save(this.db, ref, revision, tokens, now, more, [])) !== undefined;
    if (saved) this.events.changed(ref);
    return saved;
  }

  /**
   * Takes the right to ask the provider. One owner in all processes; the lease of an instance that is not alive is none.
   * @returns the row as it is now, or undefined when another one asks
   */
  async lease(ref: GrantRef, owner: number): Promise<GrantRow | undefined> {
    const [row] = await this.db.query<GrantRow>(
      `UPDATE oauth_grant SET lease_owner = $3 WHERE tenant_id = $1 AND mail_server_id = $2
         AND (lease_owner IS NULL OR lease_owner = $3 OR lease_owner NOT IN ${LIVE_INSTANCES_SQL}) RETURNING *`,
      [ref.tenantId, ref.serverId, owner],
    );
    return row;
  }

  async release(ref: GrantRef, owner: number): Promise<void> {
    await this.db.query(
      'UPDATE oauth_grant SET lease_owner = NULL WHERE tenant_id = $1 AND mail_server_id = $2 AND lease_owner = $3',
      [ref.tenantId, ref.serverId, owner],
    );
  }

  /** Keeps every token: only the state, the error and the next try change. Gives the lease back. */
  async failed(row: GrantRow, failure: OAuthFailure, now: number): Promise<void> {
    const asksForConsent = healedBy(failure) === 'consent' && !isAppOnly(row.flow);
    const next = asksForConsent ? null : new Date(nextTry(failure, row.failures, now));
    const state = asksForConsent ? 'needs-consent' : 'failing';
    await this.db.transaction(async (uow) => {
      const [changed] = await uow.query<GrantRow>(
        `UPDATE oauth_grant SET state = $4, last_error = $5, failures = failures + 1, next_refresh_at = $6, lease_owner = NULL
         WHERE tenant_id = $1 AND mail_server_id = $2 AND revision = $3 RETURNING *`,
        [row.tenant_id, row.mail_server_id, row.revision, state, JSON.stringify({ ...failure, at: now }), next],
      );
      if (asksForConsent && state !== row.state)
        await noteGrant(uow, changed, 'needs-consent', SYSTEM_ACTOR, { cause: failure.code });
      uow.afterCommit(() => this.events.changed(refOf(row)));
    });
  }

  /** What was wrong is over, with the same tokens. */
  async healed(row: GrantRow, state: OAuthGrantState, nextRefreshAt: number): Promise<void> {
    await this.db.query(
      `UPDATE oauth_grant SET state = $4, last_error = NULL, failures = 0, next_refresh_at = $5
       WHERE tenant_id = $1 AND mail_server_id = $2 AND revision = $3`,
      [row.tenant_id, row.mail_server_id, row.revision, state, new Date(nextRefreshAt)],
    );
    this.events.changed(refOf(row));
  }

  /** An end came near. @returns false when another instance told of it already */
  async warned(row: GrantRow, state: OAuthGrantState, days: number): Promise<boolean> {
    return this.db.transaction(async (uow) => {
      const [warned] = await uow.query<GrantRow>(
        `UPDATE oauth_grant SET warned_days = $4, state = $5 WHERE tenant_id = $1 AND mail_server_id = $2 AND revision = $3
           AND (warned_days IS NULL OR warned_days > $4) RETURNING *`,
        [row.tenant_id, row.mail_server_id, row.revision, days, state],
      );
      if (warned === undefined) return false;
      await noteGrant(uow, warned, 'expiring', SYSTEM_ACTOR, { days });
      uow.afterCommit(() => this.events.changed(refOf(row)));
      return true;
    });
  }

  async #save(
    db: Queryable,
    ref: GrantRef,
    revision: number,
    tokens: NewTokens,
    now: number,
    more: string,
    moreValues: readonly unknown[],
  ): Promise<GrantRow | undefined> {
    const seal = this.tokens;
    const refresh = tokens.refreshToken === undefined ? null : seal.seal(ref, 'refresh_token', tokens.refreshToken);
    const [row] = await db.query<GrantRow>(
      `UPDATE oauth_grant SET access_token = $4, access_expires_at = $5, refresh_token = coalesce($6, refresh_token),
         refresh_expires_at = $7, expiry_note = $8, last_refresh_at = $9, next_refresh_at = $10, state = $${11 + moreValues.length},
         warned_days = CASE WHEN $${11 + moreValues.length} = 'valid' THEN NULL ELSE warned_days END,
         last_error = NULL, failures = 0, revision = revision + 1 ${more}
       WHERE tenant_id = $1 AND mail_server_id = $2 AND revision = $3 RETURNING *`,
      [
        ref.tenantId,
        ref.serverId,
        revision,
        seal.seal(ref, 'access_token', tokens.accessToken),
        new Date(tokens.accessExpiresAt),
        refresh,
        tokens.refreshExpiresAt === null ? null : new Date(tokens.refreshExpiresAt),
        tokens.expiryNote,
        new Date(now),
        new Date(tokens.nextRefreshAt),
        ...moreValues,
        tokens.state,
      ],
    );
    return row;
  }

  async #lock(uow: UnitOfWork, { tenantId, serverId }: GrantRef): Promise<GrantRow | undefined> {
    const sql = 'SELECT * FROM oauth_grant WHERE tenant_id = $1 AND mail_server_id = $2 FOR UPDATE';
    const [row] = await uow.query<GrantRow>(sql, [tenantId, serverId]);
    return row;
  }

  #of(uow: UnitOfWork, { tenantId, id }: ApplicationRef): Promise<GrantRow[]> {
    const sql =
      'SELECT * FROM oauth_grant WHERE application_tenant_id = $1 AND application_id = $2 ORDER BY tenant_id, mail_server_id FOR UPDATE';
    return uow.query<GrantRow>(sql, [tenantId, id]);
  }

  async #ended(uow: UnitOfWork, ref: GrantRef, old: GrantRow | undefined, actor: Actor): Promise<void> {
    if (old?.access_token) await noteGrant(uow, old, 'ended', actor);
    uow.afterCommit(() => {
      if (old?.refresh_token) this.events.ended(old);
      this.events.changed(ref);
    });
  }
}

export const isAppOnly = (flow: OAuthFlow): boolean => flow === 'clientCredentials' || flow === 'serviceAccount';

export function wantedOf(row: GrantRow): GrantWanted {
  return {
    application: { tenantId: row.application_tenant_id, id: row.application_id },
    flow: row.flow,
    mailbox: row.mailbox,
    sharedMailbox: row.shared_mailbox,
    scopes: row.scopes,
  };
}

async function dropAuthorizations(uow: UnitOfWork, { tenantId, serverId }: GrantRef): Promise<void> {
  await uow.query('DELETE FROM oauth_authorization WHERE tenant_id = $1 AND mail_server_id = $2', [tenantId, serverId]);
}
