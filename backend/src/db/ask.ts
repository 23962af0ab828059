import type { Pool, PoolClient } from 'pg';

import type { PreparedSql, Row } from './unit-of-work.js';

/** One statement on a connection, or on any of the pool. */
export async function ask<R extends Row>(
  connection: Pool | PoolClient,
  sql: string | PreparedSql,
  values: readonly unknown[],
): Promise<R[]> {
  const statement = typeof sql === 'string' ? { text: sql } : sql;
  const result = await connection.query<R>({ ...statement, values: values as unknown[] }); // pg does not write to the array
  return result.rows;
}
