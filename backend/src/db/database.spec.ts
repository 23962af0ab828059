import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Database } from './database.js';
import { createTestDatabase } from './test-database.testing.js';

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const tenants = () => db.query<{ name: string }>('SELECT name FROM tenant ORDER BY name');
const addTenant = `INSERT INTO tenant (id, name, kind) VALUES (gen_random_uuid(), $1, 'tenant')`;

it('commits what a transaction did and then runs what waits for the commit', async () => {
  const seen: string[][] = [];
  await db.transaction(async (uow) => {
    await uow.query(addTenant, ['kept']);
    uow.afterCommit(() => seen.push(['after']));
    expect(seen).toEqual([]);
  });
  expect(await tenants()).toContainEqual({ name: 'kept' });
  expect(seen).toEqual([['after']]);
});

it('rolls back, tells the first error, and runs nothing that waits for the commit', async () => {
  const seen: string[] = [];
  const failing = db.transaction(async (uow) => {
    await uow.query(addTenant, ['lost']);
    uow.afterCommit(() => seen.push('after'));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await tenants()).not.toContainEqual({ name: 'lost' });
  expect(seen).toEqual([]);
});

it('lets entities and plain SQL speak in the same transaction', async () => {
  await db.transaction(async (uow) => {
    await uow.query(addTenant, ['shared']);
    expect(await uow.manager.query(`SELECT 1 AS found FROM tenant WHERE name = 'shared'`)).toEqual([{ found: 1 }]);
  });
});
