import type { Database, Row, UnitOfWork } from '../db/index.js';
import { SecretError, type SecretBox, type SecretPlace } from './secret-box.js';

/** Where a table keeps sealed values. */
export interface SealedColumn {
  readonly table: string;
  /** Of the primary key, in its order. */
  readonly key: readonly [string, ...string[]];
  readonly column: string;
  /** `text`: one value · `json`: values anywhere in a document, each bound to its path · `bytes`: one value, its text as UTF-8. */
  readonly kind: 'text' | 'json' | 'bytes';
  /** What a value of the row is bound to. @param path of the value in a document; empty for the other kinds */
  readonly place: (row: Readonly<Record<string, unknown>>, path: string) => SecretPlace;
  /** Rows that hold one; absent: all where the column is not null. */
  readonly where?: string;
}

export interface Rotated {
  readonly table: string;
  readonly column: string;
  /** Rows that were sealed anew. */
  readonly rows: number;
  /** Rows with a value that does not open; they stay as they are. */
  readonly unreadable: number;
}

const BATCH = 200;
const SEALED = /^s1:[^:]*:/;

/**
 * Seals every stored secret with the active key that another key sealed. Each batch of rows is one transaction, and what was
 * done is not looked at again, so it can be ended at any moment and begun anew, beside a running product.
 */
export async function rotateKeys(
  database: Database,
  box: SecretBox,
  columns: readonly SealedColumn[],
  onTable: (rotated: Rotated) => void,
): Promise<void> {
  for (const column of columns) onTable(await rotateColumn(database, box, column));
}

async function rotateColumn(database: Database, box: SecretBox, column: SealedColumn): Promise<Rotated> {
  const { table, column: name } = column;
  let [rows, unreadable]: [number, number] = [0, 0];
  let after: readonly unknown[] | undefined;
  do {
    const batch = await database.transaction((uow) => rotateBatch(uow, box, column, after));
    rows += batch.rows;
    unreadable += batch.unreadable;
    after = batch.last;
  } while (after !== undefined);
  return { table, column: name, rows, unreadable };
}

interface Batch {
  readonly rows: number;
  readonly unreadable: number;
  /** Key of the last row that was looked at; undefined: that was all. */
  readonly last: readonly unknown[] | undefined;
}

async function rotateBatch(
  uow: UnitOfWork,
  box: SecretBox,
  column: SealedColumn,
  after: readonly unknown[] | undefined,
): Promise<Batch> {
  const found = await uow.query<Row & Record<string, unknown>>(selectOf(column, after !== undefined), [
    stalePattern(column, box),
    ...(after ?? []),
  ]);
  let unreadable = 0;
  for (const row of found) {
    const sealed = resealed(box, column, row);
    if (sealed === undefined) unreadable += 1;
    else await uow.query(updateOf(column), [...column.key.map((key) => row[key]), sealed]);
  }
  const last = found.length < BATCH ? undefined : column.key.map((key) => found.at(-1)?.[key]);
  return { rows: found.length - unreadable, unreadable, last };
}

/** undefined: the key that sealed it is not there, or it is damaged. */
function resealed(box: SecretBox, column: SealedColumn, row: Readonly<Record<string, unknown>>): unknown {
  const value = row[column.column];
  try {
    if (column.kind === 'json')
      return JSON.stringify(walk(value, [], (text, path) => box.reseal(text, column.place(row, path))));
    const text = Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
    const sealed = box.reseal(text, column.place(row, ''));
    return column.kind === 'bytes' ? Buffer.from(sealed) : sealed;
  } catch (error) {
    if (error instanceof SecretError) return undefined;
    throw error;
  }
}

function walk(value: unknown, path: readonly string[], map: (text: string, path: string) => string): unknown {
  if (typeof value === 'string') return SEALED.test(value) ? map(value, path.join('.')) : value;
  if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, String(index)], map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key], map)]));
}

/** A regular expression (PostgreSQL's) for what another key sealed. */
function stalePattern({ kind }: SealedColumn, box: SecretBox): string {
  const other = `s1:(?!${box.activeKid.replaceAll(/[^A-Za-z0-9_-]/g, '\\$&')}:)`;
  return kind === 'json' ? `"${other}` : `^${other}`;
}

/** Bytes that are no UTF-8 are compared as the letters that they begin with. */
const textOf = ({ column, kind }: SealedColumn): string =>
  kind === 'bytes' ? `encode(substring(${column} for 100), 'escape')` : `${column}::text`;

function selectOf(column: SealedColumn, isNext: boolean): string {
  const key = column.key.join(', ');
  const next = isNext ? `AND (${key}) > (${column.key.map((_name, index) => `$${index + 2}`).join(', ')})` : '';
  return `SELECT * FROM ${column.table} WHERE ${column.where ?? 'true'} AND ${textOf(column)} ~ $1 ${next}
    ORDER BY ${key} LIMIT ${BATCH} FOR UPDATE`;
}

function updateOf({ table, key, column }: SealedColumn): string {
  const same = key.map((name, index) => `${name} = $${index + 1}`).join(' AND ');
  return `UPDATE ${table} SET ${column} = $${key.length + 1} WHERE ${same}`;
}
