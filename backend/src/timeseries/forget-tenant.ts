import type { UnitOfWork } from '../db/index.js';

/** The history of a deleted tenant; what is not partitioned goes by its foreign key. */
export async function forgetTelemetry(uow: UnitOfWork, tenantId: string): Promise<void> {
  await uow.query('DELETE FROM telemetry WHERE tenant_id = $1', [tenantId]);
}
