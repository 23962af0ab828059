export { Access, ACCESS_RULES, TENANT_ROLES, TENANT_STAFF, type AccessRule } from './access.js';
export { AccessGuard } from './access.guard.js';
export { AccessModule } from './access.module.js';
export { actorOf, CurrentActor, PROVISIONING_ACTOR, SYSTEM_ACTOR, type Actor } from './actor.js';
export { Authenticator } from './authenticator.js';
export { CurrentPrincipal, principalOf, SYSTEM_TENANT_ID, type Principal } from './principal.js';
export { SESSION_COOKIE, SESSION_LOOKUP, type SessionLookup, type SignedIn } from './session-lookup.js';
export { hashToken, newToken } from './token.js';
