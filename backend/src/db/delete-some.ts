import type { UnitOfWork } from './unit-of-work.js';

/**
 * Deletes rows of a tenant from a table, at most so many of each partition that a transaction stays short whatever has
 * gathered. The places are asked for first: the plan reads these rows alone and not all of the tenant's.
 * @param most rows that are looked for
 * @returns how many are gone; 0: there was nothing left
 */
export async function deleteSome(uow: UnitOfWork, table: string, tenantId: string, most: number): Promise<number> {
  const [row] = await uow.query<{ count: number }>(
    `WITH gone AS (DELETE FROM ${table} WHERE tenant_id = $1 AND ctid = ANY (ARRAY(
       SELECT ctid FROM ${table} WHERE tenant_id = $1 LIMIT $2)) RETURNING 1)
     SELECT count(*)::int AS count FROM gone`,
    [tenantId, most],
  );
  return row?.count ?? 0;
}
