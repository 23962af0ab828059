import type { Role } from '@signalpost/contracts';

import { SYSTEM_TENANT_ID } from '../access/index.js';
import { validationProblem } from '../http/index.js';

/** Where a user belongs and what the user may do. */
export interface Membership {
  readonly tenantId: string;
  readonly role: Role;
  /** Only and always for a customer user. */
  readonly customerId: string | null;
}

/**
 * System administrators stand in the system scope, everyone else in a tenant; a customer user has a customer.
 * @throws ProblemError `validation-failed`
 */
export function refuseWrongScope({ tenantId, role, customerId }: Membership): void {
  const system = tenantId === SYSTEM_TENANT_ID;
  if (system !== (role === 'system-administrator'))
    throw validationProblem([
      { path: ['role'], message: system ? 'must be system-administrator' : 'must be a role of a tenant' },
    ]);
  if ((customerId !== null) !== (role === 'customer-user'))
    throw validationProblem([
      { path: ['customerId'], message: customerId === null ? 'must name the customer' : 'is for customer users alone' },
    ]);
}
