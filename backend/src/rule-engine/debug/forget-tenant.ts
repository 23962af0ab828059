import type { UnitOfWork } from '../../db/index.js';

export async function forgetDebugEvents(uow: UnitOfWork, tenantId: string): Promise<void> {
  await uow.query('DELETE FROM debug_event WHERE tenant_id = $1', [tenantId]);
}
