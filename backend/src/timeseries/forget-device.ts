import type { DeviceForgetter } from '../devices/index.js';

/** A deleted device leaves no values behind. */
export const forgetDevice: DeviceForgetter = async (uow, tenantId, deviceId) => {
  for (const table of ['telemetry', 'telemetry_latest', 'attribute']) {
    await uow.query(`DELETE FROM ${table} WHERE tenant_id = $1 AND entity_id = $2`, [tenantId, deviceId]);
  }
};
