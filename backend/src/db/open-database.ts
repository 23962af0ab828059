import { MIGRATIONS } from '@signalpost/migrations';
import { DataSource, type EntitySchema } from 'typeorm';

import { Database } from './database.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Connections in the pool. */
  readonly poolSize: number;
  readonly entities: readonly (EntitySchema | (new () => object))[];
}

/** Every instance of a database agrees on this key: one migrates, the others wait. */
const MIGRATION_LOCK = 7_301_100;

/**
 * The queue's and the outbox's tables are empty in one second and full in the next. A plan that was made while they were
 * empty, and is remembered for a prepared statement, must not read a backlog from end to end.
 */
const SESSION_OPTIONS = '-c enable_seqscan=off';

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
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: [...options.entities],
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'all',
    poolSize: options.poolSize,
    applicationName: 'signalpost',
    installExtensions: false,
    extra: { keepAlive: true, options: SESSION_OPTIONS },
  });
  await dataSource.initialize();
  const database = new Database(dataSource);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
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
