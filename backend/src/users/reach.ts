import { SYSTEM_TENANT_ID, type Principal } from '../access/index.js';
import { ProblemError } from '../http/index.js';

/** Whose users somebody may see: those of one tenant, or of a foreign tenant its administrators alone. */
export interface Reach {
  readonly tenantId: string;
  readonly administratorsOnly: boolean;
}

/**
 * A tenant's staff reaches its own users. The system administrator reaches the users of the system and the
 * administrators of every tenant, and nobody else in it.
 * @throws ProblemError `not-found` for a tenant that the caller may not know of
 */
export function reachOf(principal: Pick<Principal, 'tenantId' | 'role'>, tenantId = principal.tenantId): Reach {
  const own = tenantId === principal.tenantId;
  if (!own && principal.tenantId !== SYSTEM_TENANT_ID)
    throw new ProblemError('not-found', { detail: 'There is no tenant with this id.' });
  return { tenantId, administratorsOnly: !own };
}
