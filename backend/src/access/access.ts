import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Role } from '@signalpost/contracts';

/**
 * Who may call a route: roles, anyone `signed-in`, the `public`, or a `device` (the route itself checks the device's
 * access token).
 */
export type AccessRule = Role | 'signed-in' | 'public' | 'device';

/** Metadata key of a route's rules, for the guard and for the test that lists all routes. */
export const ACCESS_RULES = 'access-rules';

/** On a route or its controller; a route without it is refused to everyone. */
export const Access = (...rules: readonly [AccessRule, ...AccessRule[]]): CustomDecorator =>
  SetMetadata(ACCESS_RULES, rules);

/** Who sees a tenant's things without being its customer. */
export const TENANT_STAFF = ['tenant-administrator', 'tenant-operator'] as const satisfies readonly Role[];

/** Everyone inside one tenant. */
export const TENANT_ROLES = [...TENANT_STAFF, 'customer-user'] as const satisfies readonly Role[];
