import { Inject } from '@nestjs/common';

import type { ApiTokenScope, SignedInDevice } from '@signalpost/contracts';

import { hashToken, newToken, type Principal, type SessionLookup, type SignedIn } from '../access/index.js';
import { Database, type UnitOfWork } from '../db/index.js';
import type { Client } from './client.js';

/** A session ends when it is not used for so long … */
const IDLE_DAYS = 7;
/** … and in any case so long after the sign-in. */
const LONGEST_DAYS = 30;
/** How old `last_seen_at` may be before it is written again: a page asks often, a row need not change each time. */
const SEEN_MINUTES = 5;

export const SESSION_COOKIE_SECONDS = LONGEST_DAYS * 24 * 3600;

/** Whose session ended. */
export interface Ended {
  readonly tenantId: string;
  readonly userId: string;
  readonly email: string;
}

interface ListedRow extends Pick<SignedInDevice, 'id' | 'current' | 'sourceAddress' | 'userAgent'> {
  readonly created_at: Date;
  readonly last_seen_at: Date;
  readonly expires_at: Date;
}

interface SessionRow extends Principal {
  email: string;
  stale: boolean;
}

interface ApiTokenRow extends SessionRow {
  tokenId: string;
  tokenName: string;
  scopes: ApiTokenScope[];
}

/** Writes the table `session`. The token is opaque: what it allows is looked up, so a sign-out or a changed role holds at once. */
export class Sessions implements SessionLookup {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @returns the token for the cookie */
  async create(
    uow: UnitOfWork,
    { tenantId, userId }: Pick<Principal, 'tenantId' | 'userId'>,
    { address, userAgent }: Client,
  ): Promise<string> {
    const token = newToken();
    await uow.query('DELETE FROM session WHERE expires_at < now()');
    await uow.query(INSERT, [hashToken(token), tenantId, userId, IDLE_DAYS, address, userAgent]);
    return token;
  }

  /** @returns whose it was; undefined for a token that is not known */
  async end(uow: UnitOfWork, token: string): Promise<Ended | undefined> {
    const [ended] = await uow.query<Ended>(END, [hashToken(token)]);
    return ended;
  }

  /** @param currentToken the session that asks */
  async list(userId: string, currentToken: string | undefined): Promise<SignedInDevice[]> {
    const rows = await this.database.query<ListedRow>(LIST, [userId, hashToken(currentToken ?? '')]);
    return rows.map(({ created_at, last_seen_at, expires_at, ...row }) => ({
      ...row,
      createdAt: created_at.getTime(),
      lastSeenAt: last_seen_at.getTime(),
      expiresAt: expires_at.getTime(),
    }));
  }

  /** @returns false when the user has no such session */
  async endOne(uow: UnitOfWork, userId: string, id: string): Promise<boolean> {
    const rows = await uow.query('DELETE FROM session WHERE user_id = $1 AND id = $2 RETURNING id', [userId, id]);
    return rows.length > 0;
  }

  /** @param keepToken a session that stays */
  async endAll(uow: UnitOfWork, userId: string, keepToken?: string): Promise<void> {
    const kept = hashToken(keepToken ?? '');
    await uow.query('DELETE FROM session WHERE user_id = $1 AND token_hash <> $2', [userId, kept]);
  }

  async bySessionToken(token: string): Promise<SignedIn | undefined> {
    const [row] = await this.database.query<SessionRow>(BY_SESSION, [hashToken(token), SEEN_MINUTES]);
    if (row === undefined) return undefined;
    const { stale, email, ...principal } = row;
    if (stale) await this.database.query(PROLONG, [hashToken(token), IDLE_DAYS, LONGEST_DAYS]);
    return { ...principal, tokenScopes: null, actor: { kind: 'user', userId: row.userId, email } };
  }

  async byApiToken(token: string): Promise<SignedIn | undefined> {
    const [row] = await this.database.query<ApiTokenRow>(BY_API_TOKEN, [hashToken(token), SEEN_MINUTES]);
    if (row === undefined) return undefined;
    const { stale, email, tokenId, tokenName, scopes, ...principal } = row;
    if (stale)
      await this.database.query('UPDATE api_token SET last_used_at = now() WHERE token_hash = $1', [hashToken(token)]);
    return {
      ...principal,
      tokenScopes: scopes,
      actor: { kind: 'api-token', tokenId, tokenName, userId: row.userId, email },
    };
  }
}

const INSERT = `
  INSERT INTO session (token_hash, tenant_id, user_id, expires_at, source_address, user_agent)
  VALUES ($1, $2, $3, now() + make_interval(days => $4), $5, $6)`;

const PRINCIPAL = `u.id AS "userId", u.tenant_id AS "tenantId", u.role, u.customer_id AS "customerId", u.email`;

const BY_SESSION = `
  SELECT ${PRINCIPAL}, s.last_seen_at < now() - make_interval(mins => $2) AS stale
  FROM session s JOIN user_account u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
  WHERE s.token_hash = $1 AND s.expires_at > now() AND u.active`;

const BY_API_TOKEN = `
  SELECT ${PRINCIPAL}, t.id AS "tokenId", t.name AS "tokenName", t.scopes,
    coalesce(t.last_used_at < now() - make_interval(mins => $2), true) AS stale
  FROM api_token t JOIN user_account u ON u.tenant_id = t.tenant_id AND u.id = t.user_id
  WHERE t.token_hash = $1 AND (t.expires_at IS NULL OR t.expires_at > now()) AND u.active`;

/** Also without a session: who wants to leave is never told to sign in first. */
const END = `
  DELETE FROM session s USING user_account u WHERE s.token_hash = $1 AND u.id = s.user_id
  RETURNING s.tenant_id AS "tenantId", s.user_id AS "userId", u.email`;

const LIST = `
  SELECT id, token_hash = $2 AS current, created_at, last_seen_at, expires_at,
    source_address AS "sourceAddress", user_agent AS "userAgent"
  FROM session WHERE user_id = $1 AND expires_at > now() ORDER BY last_seen_at DESC, id`;

const PROLONG = `
  UPDATE session
  SET last_seen_at = now(), expires_at = least(now() + make_interval(days => $2), created_at + make_interval(days => $3))
  WHERE token_hash = $1`;
