import type { UnitOfWork } from '../../db/index.js';

/** The mails of a deleted tenant go with it, the waiting ones included: they have no foreign key, as their table is partitioned. */
export async function forgetDeliveries(uow: UnitOfWork, tenantId: string): Promise<void> {
  for (const table of ['delivery_attempt', 'delivery', 'delivery_key'])
    await uow.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
}
