import type { Queryable, UnitOfWork } from '../../db/index.js';
import type { ServerRef } from '../servers/choose-server.js';

/** Mails that are not settled and go over the server. */
export async function waitingOver(db: Queryable, { tenantId, id }: ServerRef): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM delivery WHERE settled_at IS NULL AND server_tenant_id = $1 AND server_id = $2',
    [tenantId, id],
  );
  return row?.count ?? 0;
}

/** Mails that are not settled go over another server at their next attempt; what is being sent is sent where it is. */
export async function moveWaiting(uow: UnitOfWork, from: ServerRef, to: ServerRef): Promise<void> {
  await uow.query(
    `UPDATE delivery SET server_tenant_id = $3, server_id = $4
     WHERE settled_at IS NULL AND server_tenant_id = $1 AND server_id = $2`,
    [from.tenantId, from.id, to.tenantId, to.id],
  );
}
