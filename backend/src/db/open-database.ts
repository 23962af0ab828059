import { MIGRATIONS } from '@signalpost/migrations';
import pg from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';

import { Database } from './database.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Connections in the pool. */
  readonly poolSize: number;
  readonly entities: readonly (EntitySchema | (new () => object))[];
}

const APPLICATION_NAME = 'signalpost';

/** Every instance of a database agrees on this key: one migrates, the others wait. */
const MIGRATION_LOCK = 7_301_100;

/**
 * The queue's and the outbox's tables are empty in one second and full in the next. A plan that was made while they were
 * empty, and is remembered for a prepared statement, must not read a backlog from end to end.
 */
const SESSION_OPTIONS = '-c enable_seqscan=off';

/**
 * For statements with a name: planned once a connection. They would be planned anew most times otherwise, because arrays of a
 * few rows look cheaper than arrays of unknown length, and planning costs more than running them. The one plan must be
 * right for an empty table and a full one: no join but by index, row for row. A table that looks empty may still be read
 * whole, by an index, as the cheaper side of a join: statements that join a large one ask for its rows in a subquery with
 * OFFSET 0, which leaves no choice, and name what they change by its place (ctid).
 */
const HOT_SESSION_OPTIONS = `${SESSION_OPTIONS} -c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off`;

/** A plan that was made in a bad moment is not kept for longer. */
const PLANS_LIVE_SECONDS = 60;

/** Some connections are held all the time, for being alive and for listening; the least that leaves others. */
const LEAST_POOL = 6;

/** Connections for statements with a name, of all connections. */
const HOT_SHARE = 0.4;

/** A database whose schema is newer than this program knows. */
export class NewerSchemaError extends Error {
  constructor(names: readonly string[]) {
    super(
      `The database has migrations that this version does not know (${names.join(', ')}). ` +
        'Start the version that made them, or restore a backup from before the update.',
    );
  }
}

/** Connects, migrates under an advisory lock, refuses a newer schema. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const hotSize = Math.max(2, Math.floor(options.poolSize * HOT_SHARE));
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: [...options.entities],
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'all',
    poolSize: Math.max(LEAST_POOL - hotSize, options.poolSize - hotSize),
    applicationName: APPLICATION_NAME,
    installExtensions: false,
    extra: { keepAlive: true, options: SESSION_OPTIONS },
  });
  await dataSource.initialize();
  const database = new Database(dataSource, hotPool(options.url, hotSize));
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function hotPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    keepAlive: true,
    application_name: APPLICATION_NAME,
    options: HOT_SESSION_OPTIONS,
    maxLifetimeSeconds: PLANS_LIVE_SECONDS,
  });
  pool.on('error', () => undefined); // an idle connection that died is replaced by the next caller
  return pool;
}

async function migrate(database: Database): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseNewerSchema(database);
    await database.dataSource.runMigrations();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined); // gone with a dead connection
    client.release();
  }
}

async function refuseNewerSchema(database: Database): Promise<void> {
  const [table] = await database.query<{ exists: boolean }>(
    `SELECT to_regclass('schema_migration') IS NOT NULL AS exists`,
  );
  if (!table?.exists) return;
  const applied = await database.query<{ name: string }>('SELECT name FROM schema_migration');
  const known = new Set(MIGRATIONS.map((migration) => new migration().name));
  const unknown = applied.map((row) => row.name).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new NewerSchemaError(unknown);
}
