import { inject } from '@angular/core';
import { type CanActivateFn, type CanMatchFn, Router } from '@angular/router';
import type { Role, Session } from '../api/models';
import { safeReturnUrl } from './return-url';
import { SessionStore } from './session-store';

/** Lets signed-in people pass; others sign in first and come back. */
export const signedIn: CanActivateFn = async (_route, state) => {
  const router = inject(Router);
  const session = await inject(SessionStore).read();
  if (session) return true;
  const back = state.url === '/' ? {} : { queryParams: { returnUrl: state.url } };
  return router.createUrlTree(['/sign-in'], back);
};

/** The sign-in page is for those who are not signed in yet. */
export const notSignedIn: CanActivateFn = async (route) => {
  const router = inject(Router);
  const session = await inject(SessionStore)
    .read()
    .catch(() => null); // Unreachable: the page itself says so when it is used.
  return session ? router.parseUrl(safeReturnUrl(route.queryParamMap.get('returnUrl'))) : true;
};

/** A page that this person may not see does not match, so that it looks like any unknown address. */
export function mayOpen(permitted: (session: Session) => boolean): CanMatchFn {
  return async () => {
    const session = await inject(SessionStore).read();
    return session !== null && permitted(session);
  };
}

export function roleIn(roles: readonly Role[]): (session: Session) => boolean {
  return (session) => roles.includes(session.user.role);
}
