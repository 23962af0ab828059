import { deleteSome, type UnitOfWork } from '../db/index.js';

/** The history of a deleted tenant; what is not partitioned goes by its foreign key. */
export const forgetTelemetry = (uow: UnitOfWork, tenantId: string, most: number): Promise<number> =>
  deleteSome(uow, 'telemetry', tenantId, most);
