import { randomBytes } from 'node:crypto';

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
  const database = await openDatabase({ url: inDatabase(url, name), poolSize: 10, entities });
  return Object.assign(database, { url: inDatabase(url, name) });
}

async function migratedTemplate(client: pg.Client, url: string): Promise<string> {
  const template = `signalpost_template_${process.env['TEST_RUN'] ?? 'dev'}`;
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (found.rowCount === 0) {
      await client.query(`CREATE DATABASE ${template}`);
      await (await openDatabase({ url: inDatabase(url, template), poolSize: 2, entities: [] })).close();
    }
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
  return template;
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
