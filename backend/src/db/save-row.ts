import type { UnitOfWork } from './unit-of-work.js';

/** What a save did. Equal content is `unchanged` and writes nothing. */
export type Change = 'created' | 'updated' | 'unchanged';

export interface Saved {
  readonly id: string;
  readonly change: Change;
}

/**
 * Runs an `INSERT … ON CONFLICT DO UPDATE … WHERE <different> RETURNING id, xmax = 0 AS inserted` and tells what it did: a
 * fresh row has no xmax, and an equal row is not returned, so its id is asked for.
 */
export async function saveRow(
  uow: UnitOfWork,
  upsert: { readonly sql: string; readonly values: readonly unknown[] },
  find: { readonly sql: string; readonly values: readonly unknown[] },
): Promise<Saved | undefined> {
  const [row] = await uow.query<{ id: string; inserted: boolean }>(upsert.sql, upsert.values);
  if (row !== undefined) return { id: row.id, change: row.inserted ? 'created' : 'updated' };
  const [equal] = await uow.query<{ id: string }>(find.sql, find.values);
  return equal && { id: equal.id, change: 'unchanged' };
}
