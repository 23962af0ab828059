import type { Database } from './database.js';
import type { UnitOfWork } from './unit-of-work.js';

/** A table that is partitioned by time and forgets by dropping partitions. */
export interface PartitionedTable {
  readonly table: string;
  /** The column it is partitioned by: a `timestamptz`, or epoch milliseconds. */
  readonly column: string;
  readonly columnType: 'timestamptz' | 'epoch-ms';
  readonly period: 'day' | 'month';
  /** Partitions that end earlier than so many days ago are dropped; null = kept for ever. */
  readonly keepDays: number | null;
  /** SQL that is true for a row which must not be lost; a partition with such a row stays. */
  readonly needed: string;
}

/** Periods made ahead: upkeep runs each hour, and each statement over a table opens all of its partitions. */
const AHEAD = { day: 1, month: 1 } as const;
const DAY_MS = 86_400_000;
const UPKEEP_LOCK = 7_301_103;

interface Period {
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
}

/** Makes the partitions of the coming time and drops those that are old enough; one instance at a time. */
export async function keepPartitions(db: Database, tables: readonly PartitionedTable[], now: number): Promise<void> {
  for (const table of tables) {
    await db.transaction(async (uow) => {
      await uow.query('SELECT pg_advisory_xact_lock($1)', [UPKEEP_LOCK]);
      const existing = await partitionsOf(uow, table);
      for (const period of comingPeriods(table, now))
        if (!existing.includes(period.name)) await makePartition(uow, table, period);
      for (const name of existing) await dropIfOld(uow, table, name, now);
    });
    await forgetStrays(db, table, now);
  }
}

/** Rows of one statement: short transactions, whatever has gathered. */
const MOST_AT_ONCE = 5000;

/** What came too late for any partition of its time lies in the default one, which is never dropped. */
async function forgetStrays(db: Database, table: PartitionedTable, now: number): Promise<void> {
  if (table.keepDays === null) return;
  const end = bound(table, new Date(now - table.keepDays * DAY_MS));
  const strays = `${table.table}_default`;
  const sql = `
    WITH gone AS (DELETE FROM ${strays} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${strays} WHERE ${table.column} < ${end} AND NOT (${table.needed}) LIMIT ${MOST_AT_ONCE})) RETURNING 1)
    SELECT count(*)::int AS count FROM gone`;
  for (;;) {
    const [row] = await db.query<{ count: number }>(sql);
    if ((row?.count ?? 0) < MOST_AT_ONCE) return;
  }
}

async function partitionsOf(uow: UnitOfWork, { table }: PartitionedTable): Promise<string[]> {
  const rows = await uow.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = $1::regclass AND c.relname <> $2`,
    [table, `${table}_default`],
  );
  return rows.map((row) => row.name);
}

function comingPeriods(table: PartitionedTable, now: number): Period[] {
  return Array.from({ length: AHEAD[table.period] + 1 }, (_, index) => periodOf(table, now, index));
}

/** UTC, so that all instances agree. */
function periodOf({ table, period }: PartitionedTable, now: number, ahead: number): Period {
  const today = new Date(now);
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  const from = new Date(period === 'day' ? Date.UTC(year, month, day + ahead) : Date.UTC(year, month + ahead));
  const to = new Date(period === 'day' ? Date.UTC(year, month, day + ahead + 1) : Date.UTC(year, month + ahead + 1));
  return { name: `${table}_${from.toISOString().slice(0, 10).replaceAll('-', '_')}`, from, to };
}

/** What the default partition already holds of the period moves over first: PostgreSQL would refuse otherwise. */
async function makePartition(uow: UnitOfWork, table: PartitionedTable, { name, from, to }: Period): Promise<void> {
  const [low, high] = [bound(table, from), bound(table, to)];
  await uow.query(`CREATE TABLE ${name} (LIKE ${table.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  await uow.query(
    `WITH moved AS (DELETE FROM ${table.table}_default WHERE ${table.column} >= ${low} AND ${table.column} < ${high} RETURNING *)
     INSERT INTO ${name} SELECT * FROM moved`,
  );
  await uow.query(`ALTER TABLE ${table.table} ATTACH PARTITION ${name} FOR VALUES FROM (${low}) TO (${high})`);
}

function bound({ columnType }: PartitionedTable, at: Date): string {
  return columnType === 'epoch-ms' ? String(at.getTime()) : `'${at.toISOString()}'::timestamptz`;
}

async function dropIfOld(uow: UnitOfWork, table: PartitionedTable, name: string, now: number): Promise<void> {
  if (table.keepDays === null || endOf(table, name) > now - table.keepDays * DAY_MS) return;
  const [row] = await uow.query<{ needed: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM ${name} WHERE ${table.needed}) AS needed`,
  );
  if (!row?.needed) await uow.query(`DROP TABLE ${name}`);
}

function endOf(table: PartitionedTable, name: string): number {
  const start = Date.parse(`${name.slice(table.table.length + 1).replaceAll('_', '-')}T00:00:00Z`);
  return periodOf(table, start, 1).from.getTime();
}
