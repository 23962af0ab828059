import { MIGRATIONS } from '@signalpost/migrations';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createDatabase } from '../stack/database.js';
import { sourceFiles } from './source-files.js';

let database: DataSource;
beforeAll(async () => {
  database = new DataSource({
    type: 'postgres',
    url: await createDatabase(),
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'all',
    installExtensions: false,
  });
  await database.initialize();
});
afterAll(() => database.destroy());

/** Everything that a migration can make, as text; the table of migrations itself left out. */
const OBJECTS = `
  SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS object
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
  UNION ALL
  SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'migrations'
  UNION ALL
  SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
  UNION ALL
  SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public' AND sequencename NOT LIKE 'migrations%'
  UNION ALL
  SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  ORDER BY 1`;

const objects = async (): Promise<string[]> =>
  (await database.query<{ object: string }[]>(OBJECTS)).map(({ object }) => object);

it('takes every migration back as it came, and can make it again', async () => {
  await database.runMigrations();
  const made = await objects();
  expect(made.length).toBeGreaterThan(100);
  for (const _migration of MIGRATIONS) await database.undoLastMigration();
  expect(await objects()).toEqual([]);
  await database.runMigrations();
  expect(await objects()).toEqual(made);
});

it('carries the tenant in every key that points at a tenant table, so that no row points into another tenant', async () => {
  const strays = await database.query<{ name: string }[]>(`
    SELECT c.conrelid::regclass || ' -> ' || c.confrelid::regclass AS name
    FROM pg_constraint c
    JOIN pg_attribute own ON own.attrelid = c.conrelid AND own.attname = 'tenant_id'
    JOIN pg_attribute target ON target.attrelid = c.confrelid AND target.attname = 'tenant_id'
    WHERE c.contype = 'f' AND NOT (own.attnum = ANY (c.conkey) AND target.attnum = ANY (c.confkey))`);
  expect(strays).toEqual([]);
});

it('has no entity whose table could drift from the migrations', async () => {
  const entities = sourceFiles('.ts').filter(
    ({ path, text }) => path.startsWith('backend/src/') && /@Entity\(|new EntitySchema/.test(text),
  );
  expect(entities.map(({ path }) => path)).toEqual([]);
  const { upQueries } = await database.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});
