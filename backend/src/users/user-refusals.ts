import { tenantLimitsSchema } from '@signalpost/contracts';

import type { UnitOfWork } from '../db/index.js';
import { ProblemError, validationProblem } from '../http/index.js';

/** PostgreSQL names the constraint that a row breaks. */
export function refuseUserConflict(error: unknown): never {
  const constraint = error instanceof Error && 'constraint' in error ? error.constraint : undefined;
  if (constraint === 'user_account_email')
    throw new ProblemError('name-taken', { detail: 'Another user has this email address.' });
  if (constraint === 'user_account_tenant_id_fkey')
    throw new ProblemError('not-found', { detail: 'There is no tenant with this id.' });
  if (constraint === 'user_account_tenant_id_customer_id_fkey')
    throw validationProblem([{ path: ['customerId'], message: 'There is no customer with this id' }]);
  throw error;
}

/** After the insert: the tenant's row is locked, so that two at once cannot both be the last that fits. */
export async function refuseFullTenant(uow: UnitOfWork, tenantId: string): Promise<void> {
  const [tenant] = await uow.query<{ limits: unknown }>('SELECT limits FROM tenant WHERE id = $1 FOR NO KEY UPDATE', [
    tenantId,
  ]);
  const { maxUsers } = tenantLimitsSchema.parse(tenant?.limits ?? {});
  if (maxUsers === null) return;
  const [row] = await uow.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM user_account WHERE tenant_id = $1',
    [tenantId],
  );
  if ((row?.count ?? 0) > maxUsers)
    throw new ProblemError('limit-reached', { detail: `The tenant may have ${maxUsers} users.` });
}
