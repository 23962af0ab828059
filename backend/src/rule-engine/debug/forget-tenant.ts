import { deleteSome, type UnitOfWork } from '../../db/index.js';

export const forgetDebugEvents = (uow: UnitOfWork, tenantId: string, most: number): Promise<number> =>
  deleteSome(uow, 'debug_event', tenantId, most);
