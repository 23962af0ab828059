import pg, { type Pool, type PoolClient, type QueryResult } from 'pg';

import type { PreparedSql, Row } from './unit-of-work.js';

/** One statement on a connection, or on any of the pool. */
export async function ask<R extends Row>(
  connection: Pool | PoolClient,
  sql: string | PreparedSql,
  values: readonly unknown[],
): Promise<R[]> {
  try {
    return (await answerTo<R>(connection, queryOf(sql, values))).rows;
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error); // it came over a socket; who asked is of more use
    throw error;
  }
}

/**
 * What pg makes of a statement's description, made here: it would copy the description property by property, which costs as much
 * as a short statement.
 */
function queryOf(sql: string | PreparedSql, values: readonly unknown[]): pg.Query {
  const { text, ...name } = typeof sql === 'string' ? { text: sql } : sql;
  return Object.assign(new pg.Query(text, values as unknown[]), name); // pg does not write to the array
}

type Answered<R extends Row> = (
  query: pg.Query,
  done: (error: Error | undefined, result: QueryResult<R>) => void,
) => void;

function answerTo<R extends Row>(connection: Pool | PoolClient, query: pg.Query): Promise<QueryResult<R>> {
  const answered = connection.query.bind(connection) as Answered<R>; // its types know a `Query` only as something whose events are heard
  return new Promise((resolve, reject) => {
    answered(query, (error, result) => (error ? reject(error) : resolve(result)));
  });
}
