import type { Page, PageQuery } from '@signalpost/contracts';

import type { Queryable } from '../db/index.js';
import { ProblemError } from './problem-error.js';

/** A column's type as SQL names it, with the texts that are values of it. */
const COLUMN_TYPES = {
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  timestamptz: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/,
  bigint: /^-?\d{1,18}$/,
  text: /^[^\0]*$/,
} as const;

export interface Keyset {
  /** `SELECT … FROM … WHERE …`, without ORDER BY and LIMIT. */
  readonly sql: string;
  readonly values: readonly unknown[];
  /** Output columns that sort the list and together are unique, in their order. */
  readonly keys: Readonly<Record<string, keyof typeof COLUMN_TYPES>>;
  readonly order: 'ASC' | 'DESC';
}

/**
 * One page of a list. Unlike OFFSET, a page costs the same wherever it is, and nothing is shown twice or skipped while
 * rows come and go. The cursor is the last row's keys; PostgreSQL folds the outer SELECT into the inner one, so an index
 * on the keys serves the page.
 * @param toItem names the row's type; its spec on a real PostgreSQL vouches for it
 * @throws ProblemError `validation-failed` for a cursor that this list did not give
 */
export async function readPage<T>(
  db: Queryable,
  keyset: Keyset,
  query: PageQuery,
  toItem: (row: never) => T,
): Promise<Page<T>> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, keyset);
  const rows = await db.query<{ page_cursor: string[] }>(pageSql(keyset, after !== undefined), [
    ...keyset.values,
    query.limit + 1,
    ...(after ?? []),
  ]);
  const shown = rows.slice(0, query.limit);
  const items = shown.map((row) => toItem(row as never)); // the caller names the row's type, SQL gives it
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : encodeCursor(last.page_cursor) };
}

function pageSql({ sql, values, keys, order }: Keyset, hasCursor: boolean): string {
  const columns = Object.keys(keys);
  const first = values.length + 2;
  const bounds = Object.values(keys).map((type, index) => `$${first + index}::${type}`);
  const where = hasCursor ? `WHERE (${columns.join(', ')}) ${order === 'ASC' ? '>' : '<'} (${bounds.join(', ')})` : '';
  const cursor = columns.map((column) => `${column}::text`).join(', ');
  const sort = columns.map((column) => `${column} ${order}`).join(', ');
  return `SELECT page.*, ARRAY[${cursor}] AS page_cursor FROM (${sql}) page ${where} ORDER BY ${sort} LIMIT $${values.length + 1}`;
}

const encodeCursor = (keys: readonly string[]): string => Buffer.from(JSON.stringify(keys)).toString('base64url');

function decodeCursor(cursor: string, { keys }: Keyset): string[] {
  const types = Object.values(keys);
  const parts = parseStrings(Buffer.from(cursor, 'base64url').toString());
  const fits =
    parts.length === types.length && types.every((type, index) => COLUMN_TYPES[type].test(parts[index] ?? '\0'));
  if (fits) return parts;
  throw new ProblemError('validation-failed', {
    errors: [{ pointer: '/cursor', message: 'must be the nextCursor of this list' }],
  });
}

function parseStrings(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : [];
  } catch {
    return [];
  }
}
