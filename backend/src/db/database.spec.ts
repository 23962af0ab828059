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

it.each(['SELECT nonsense', { name: 'nonsense', text: 'SELECT nonsense' }])(
  'tells what the database said and who asked: %j',
  async (sql) => {
    const asking = async (): Promise<unknown> => await db.query(sql);
    const error = (await asking().catch((caught: unknown) => caught)) as Error;
    expect(error.message).toBe('column "nonsense" does not exist');
    expect(error.stack).toContain('asking');
  },
);

const underWay = () =>
  db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE state LIKE 'idle in trans%' AND datname = current_database()`,
  );

it('begins a lazy transaction with its first statement', async () => {
  const seen: string[] = [];
  await db.lazyTransaction(async (uow) => {
    expect([uow.hasBegun, await underWay()]).toEqual([false, [{ n: 0 }]]);
    await uow.query(addTenant, ['lazy']);
    expect(uow.hasBegun).toBe(true);
    expect(await tenants()).not.toContainEqual({ name: 'lazy' });
    await uow.last(addTenant, ['lazy last']);
    expect(await tenants()).not.toContainEqual({ name: 'lazy last' });
    uow.afterCommit(() => seen.push('after'));
  });
  expect(await tenants()).toEqual(expect.arrayContaining([{ name: 'lazy' }, { name: 'lazy last' }]));
  expect(seen).toEqual(['after']);
});

it('commits the last statement of a lazy transaction by itself when it is the only one', async () => {
  await db.lazyTransaction(async (uow) => {
    await uow.last(addTenant, ['alone']);
    expect([uow.hasBegun, await tenants()]).toEqual([false, expect.arrayContaining([{ name: 'alone' }])]);
  });
});

it('rolls a lazy transaction back, and gives its connection back', async () => {
  for (let round = 0; round < 20; round += 1) {
    const failing = db.lazyTransaction(async (uow) => {
      await uow.query(addTenant, ['lazily lost']);
      await uow.query('SELECT 1 / 0');
    });
    await expect(failing).rejects.toThrow('division by zero');
  }
  expect(await tenants()).not.toContainEqual({ name: 'lazily lost' });
});
