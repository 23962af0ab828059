import { deleteSome, type UnitOfWork } from '../../db/index.js';

/** What of a deleted tenant's mails must be gone with it: those that would still be sent, and those that the system's log shows. */
export async function forgetLiveDeliveries(uow: UnitOfWork, tenantId: string): Promise<void> {
  for (const which of ['settled_at IS NULL', 'template IS NOT NULL'])
    await uow.query(`DELETE FROM delivery WHERE tenant_id = $1 AND ${which}`, [tenantId]);
}

/** The rest has no foreign key either, as these tables are partitioned. */
export async function forgetMailLog(uow: UnitOfWork, tenantId: string, most: number): Promise<number> {
  let deleted = 0;
  for (const table of ['delivery_attempt', 'delivery', 'delivery_key'])
    deleted += await deleteSome(uow, table, tenantId, most);
  return deleted;
}
