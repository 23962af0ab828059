import { tenantLimitsSchema } from '@signalpost/contracts';

import type { UnitOfWork } from '../db/index.js';
import { ProblemError } from '../http/index.js';

/**
 * After the insert: the tenant's row is locked, so that two at once cannot both be the last that fits.
 * @throws ProblemError `limit-reached`
 */
export async function refuseFullTenant(uow: UnitOfWork, tenantId: string): Promise<void> {
  const [tenant] = await uow.query<{ limits: unknown }>('SELECT limits FROM tenant WHERE id = $1 FOR NO KEY UPDATE', [
    tenantId,
  ]);
  const { maxDevices } = tenantLimitsSchema.parse(tenant?.limits ?? {});
  if (maxDevices === null) return;
  const [row] = await uow.query<{ count: number }>('SELECT count(*)::int AS count FROM device WHERE tenant_id = $1', [
    tenantId,
  ]);
  if ((row?.count ?? 0) > maxDevices)
    throw new ProblemError('limit-reached', { detail: `The tenant may have ${maxDevices} devices.` });
}
