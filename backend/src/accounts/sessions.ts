import { Inject } from '@nestjs/common';

import { hashToken, newToken, type Principal, type SessionLookup, type SignedIn } from '../access/index.js';
import { Database } from '../db/index.js';

/** A session ends when it is not used for so long … */
const IDLE_DAYS = 7;
/** … and in any case so long after the sign-in. */
const LONGEST_DAYS = 30;
/** How old `last_seen_at` may be before it is written again: a page asks often, a row need not change each time. */
const SEEN_MINUTES = 5;

export const SESSION_COOKIE_SECONDS = LONGEST_DAYS * 24 * 3600;

interface SessionRow extends Principal {
  email: string;
  stale: boolean;
}

interface ApiTokenRow extends SessionRow {
  tokenId: string;
  tokenName: string;
}

/** Where a sign-in came from, for the person who later looks at the own sessions. */
export interface SignInSource {
  readonly address: string;
  readonly userAgent: string;
}

/** Writes the table `session`. The token is opaque: what it allows is looked up, so a sign-out or a changed role holds at once. */
export class Sessions implements SessionLookup {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @returns the token for the cookie */
  async create(user: { readonly tenantId: string; readonly userId: string }, source: SignInSource): Promise<string> {
    const token = newToken();
    await this.database.query('DELETE FROM session WHERE expires_at < now()');
    await this.database.query(INSERT, [
      hashToken(token),
      user.tenantId,
      user.userId,
      IDLE_DAYS,
      source.address,
      source.userAgent.slice(0, 300),
    ]);
    return token;
  }

  async end(token: string): Promise<void> {
    await this.database.query('DELETE FROM session WHERE token_hash = $1', [hashToken(token)]);
  }

  async bySessionToken(token: string): Promise<SignedIn | undefined> {
    const [row] = await this.database.query<SessionRow>(BY_SESSION, [hashToken(token), SEEN_MINUTES]);
    if (row === undefined) return undefined;
    const { stale, email, ...principal } = row;
    if (stale) await this.database.query(PROLONG, [hashToken(token), IDLE_DAYS, LONGEST_DAYS]);
    return { ...principal, actor: { kind: 'user', userId: row.userId, email } };
  }

  async byApiToken(token: string): Promise<SignedIn | undefined> {
    const [row] = await this.database.query<ApiTokenRow>(BY_API_TOKEN, [hashToken(token), SEEN_MINUTES]);
    if (row === undefined) return undefined;
    const { stale, email, tokenId, tokenName, ...principal } = row;
    if (stale)
      await this.database.query('UPDATE api_token SET last_used_at = now() WHERE token_hash = $1', [hashToken(token)]);
    return { ...principal, actor: { kind: 'api-token', tokenId, tokenName, userId: row.userId, email } };
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
  SELECT ${PRINCIPAL}, t.id AS "tokenId", t.name AS "tokenName", coalesce(t.last_used_at < now() - make_interval(mins => $2), true) AS stale
  FROM api_token t JOIN user_account u ON u.tenant_id = t.tenant_id AND u.id = t.user_id
  WHERE t.token_hash = $1 AND (t.expires_at IS NULL OR t.expires_at > now()) AND u.active`;

const PROLONG = `
  UPDATE session
  SET last_seen_at = now(), expires_at = least(now() + make_interval(days => $2), created_at + make_interval(days => $3))
  WHERE token_hash = $1`;
