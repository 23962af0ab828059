import type { ApiTokenScope, AuditActor } from '@signalpost/contracts';

import type { Principal } from './principal.js';

/** Nest token of `SessionLookup`; `app.module` binds it to the accounts room. */
export const SESSION_LOOKUP = Symbol('SESSION_LOOKUP');

/** Who is signed in, and how the audit log calls them. */
export interface SignedIn extends Principal {
  readonly actor: AuditActor;
  /** What an API token may do; null for a session, which may do everything that the role may. */
  readonly tokenScopes: readonly ApiTokenScope[] | null;
}

/** What the guard needs to know about sessions and API tokens. Both answer undefined for what is unknown, expired or revoked. */
export interface SessionLookup {
  bySessionToken(token: string): Promise<SignedIn | undefined>;
  byApiToken(token: string): Promise<SignedIn | undefined>;
}

/** The cookie that holds the opaque session token. */
export const SESSION_COOKIE = 'signalpost_session';
