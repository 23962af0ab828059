import { createHash, randomBytes } from 'node:crypto';

import { MIGRATIONS } from '@signalpost/migrations';
import pg from 'pg';

import type { Database } from './database.js';
import { openDatabase, type DatabaseOptions } from './open-database.js';

/** All specs agree on it: one of them makes the template, the others wait. */
const TEMPLATE_LOCK = 7_301_101;

/**
 * A migrated database of the calling spec's own, copied from a template: real PostgreSQL, milliseconds to make.
 * The server is `TEST_DATABASE_URL`, which the test runner's global setup provides.
 */
export async function createTestDatabase(
  entities: DatabaseOptions['entities'] = [],
): Promise<Database & { readonly url: string }> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run the tests with "npm test"');
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await withClient(url, async (client) => {
    const template = await migratedTemplate(client, url);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const database = await openDatabase({ url: inDatabase(url, name), poolSize: 20, entities });
  return Object.assign(database, { url: inDatabase(url, name) });
}

/** Named after the migrations' text: a changed migration makes a new template. */
const TEMPLATE = `template_${createHash('sha256').update(MIGRATIONS.map(String).join()).digest('hex').slice(0, 12)}`;

async function migratedTemplate(client: pg.Client, url: string): Promise<string> {
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (found.rowCount === 0) await makeTemplate(client, url);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
  return TEMPLATE;
}

/** Under another name until it is whole: a migration that fails leaves no half template behind. */
async function makeTemplate(client: pg.Client, url: string): Promise<void> {
  const unfinished = `${TEMPLATE}_unfinished`;
  await client.query(`DROP DATABASE IF EXISTS ${unfinished}`);
  await client.query(`CREATE DATABASE ${unfinished}`);
  await (await openDatabase({ url: inDatabase(url, unfinished), poolSize: 2, entities: [] })).close();
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${TEMPLATE}`);
}

function inDatabase(url: string, name: string): string {
  const target = new URL(url);
  target.pathname = `/${name}`;
  return target.href;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
