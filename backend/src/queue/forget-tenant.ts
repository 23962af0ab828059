import type { UnitOfWork } from '../db/index.js';

/** What waits for a deleted tenant is not worked on any more. */
export async function forgetQueuedMessages(uow: UnitOfWork, tenantId: string): Promise<void> {
  await uow.query('DELETE FROM queue_message WHERE tenant_id = $1', [tenantId]);
}
