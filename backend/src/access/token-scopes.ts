import type { ApiTokenScope, Role } from '@signalpost/contracts';

import { ProblemError } from '../http/index.js';

/**
 * What each scope of an API token may change, by the beginnings of routes: the one place that says so. A route that is
 * not listed needs `all`. Every scope may look (`GET`) at what the owner's role may see.
 */
export const SCOPE_ROUTES: Readonly<Record<Exclude<ApiTokenScope, 'read' | 'all'>, readonly string[]>> = {
  devices: ['/api/devices', '/api/customers', '/api/alarms'],
  mail: ['/api/mail', '/api/inbox'],
  people: ['/api/users'],
};

/** What `all` is not enough for: who holds it could invite an administrator, and stay when the token is gone. */
const APART: readonly ApiTokenScope[] = ['people'];

/**
 * What no token may change: who holds one for a while must not be able to take an account over. So it is not only one's
 * own account, but also how people sign in, what lets somebody in without their password or second factor, and the words
 * of the mails that carry such links, which could lead elsewhere.
 */
export const SESSION_ROUTES: readonly string[] = [
  '/api/account',
  '/api/sign-in-policy',
  '/api/identity-provider',
  '/api/users/:id/two-factor',
  '/api/users/:id/link',
  '/api/mail/templates',
];

/** The same in the scope of the system, whose mail servers carry the links of everybody. */
export const SYSTEM_SESSION_ROUTES: readonly string[] = [
  '/api/mail/servers',
  '/api/mail/secrets',
  '/api/mail/connectors',
  '/api/mail/oauth',
];

/** What no token may even look at there: where the system sends over the sandbox, those links lie in its inbox. */
export const SYSTEM_SESSION_VIEWS: readonly string[] = ['/api/inbox'];

const LOOKING = ['GET', 'HEAD', 'OPTIONS'];

/** A request, as far as scopes look at it. */
export interface Asked {
  readonly method: string;
  /** The pattern of the route, like `/api/devices/:id`. */
  readonly route: string;
  readonly role: Role;
}

/** @throws ProblemError `session-needed`, `token-scope` */
export function refuseBeyondScope(asked: Asked, scopes: readonly ApiTokenScope[]): void {
  const { method, route } = asked;
  if (needsSession(asked)) throw new ProblemError('session-needed');
  if (LOOKING.includes(method)) return;
  const needed = (['devices', 'mail', 'people'] as const).find((scope) => isBelow(route, SCOPE_ROUTES[scope])) ?? 'all';
  const enough = APART.includes(needed) ? [needed] : [needed, 'all'];
  if (scopes.some((scope) => enough.includes(scope))) return;
  throw new ProblemError('token-scope', { detail: `It needs the scope "${needed}".` });
}

function needsSession({ method, route, role }: Asked): boolean {
  const ofSystem = role === 'system-administrator';
  if (ofSystem && isBelow(route, SYSTEM_SESSION_VIEWS)) return true;
  if (LOOKING.includes(method)) return false;
  return isBelow(route, SESSION_ROUTES) || (ofSystem && isBelow(route, SYSTEM_SESSION_ROUTES));
}

const isBelow = (route: string, beginnings: readonly string[]): boolean =>
  beginnings.some((beginning) => route === beginning || route.startsWith(`${beginning}/`));
