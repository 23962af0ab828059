import type { Forgetter } from '../devices/index.js';

/** The alarms of a deleted device go with it, and their comments: nobody could act on them. So do its mutes. */
export const forgetDevice: Forgetter = async (uow, tenantId, deviceId) => {
  await uow.query(`DELETE FROM alarm WHERE tenant_id = $1 AND originator_type = 'DEVICE' AND originator_id = $2`, [
    tenantId,
    deviceId,
  ]);
  await uow.query('DELETE FROM alarm_mute WHERE tenant_id = $1 AND originator_id = $2', [tenantId, deviceId]);
};
