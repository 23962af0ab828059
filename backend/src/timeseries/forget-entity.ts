import type { Forgetter } from '../devices/index.js';

/** What is deleted leaves no values behind. */
export const forgetEntity: Forgetter = async (uow, tenantId, entityId) => {
  for (const table of ['telemetry', 'telemetry_latest', 'attribute']) {
    await uow.query(`DELETE FROM ${table} WHERE tenant_id = $1 AND entity_id = $2`, [tenantId, entityId]);
  }
};
