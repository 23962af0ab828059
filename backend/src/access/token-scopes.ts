import type { ApiTokenScope } from '@signalpost/contracts';

import { ProblemError } from '../http/index.js';

/**
 * What each scope of an API token may change, by the beginnings of routes: the one place that says so. A route that is
 * not listed needs `all`. Every scope may look (`GET`) at everything that the owner's role may see.
 */
export const SCOPE_ROUTES: Readonly<Record<Exclude<ApiTokenScope, 'read' | 'all'>, readonly string[]>> = {
  devices: ['/api/devices', '/api/customers', '/api/alarms'],
  mail: ['/api/mail', '/api/inbox'],
};

/**
 * What no token may change: who holds one for a while must not be able to stay, or to take an account over. So it is not
 * only one's own account, but also how people sign in, and what lets somebody in without their password or second factor.
 */
export const SESSION_ROUTES: readonly string[] = [
  '/api/account',
  '/api/sign-in-policy',
  '/api/identity-provider',
  '/api/users/:id/two-factor',
  '/api/users/:id/link',
];

const LOOKING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * @param route the pattern of the route, like `/api/devices/:id`
 * @throws ProblemError `session-needed`, `token-scope`
 */
export function refuseBeyondScope(method: string, route: string, scopes: readonly ApiTokenScope[]): void {
  if (LOOKING.includes(method)) return;
  if (isBelow(route, SESSION_ROUTES)) throw new ProblemError('session-needed');
  if (scopes.includes('all')) return;
  const needed = (['devices', 'mail'] as const).find((scope) => isBelow(route, SCOPE_ROUTES[scope]));
  if (needed !== undefined && scopes.includes(needed)) return;
  throw new ProblemError('token-scope', { detail: `It needs the scope "${needed ?? 'all'}".` });
}

const isBelow = (route: string, beginnings: readonly string[]): boolean =>
  beginnings.some((beginning) => route === beginning || route.startsWith(`${beginning}/`));
