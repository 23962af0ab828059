import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import type { Database } from './database.js';
import { Instance, LIVE_INSTANCES_SQL } from './instance.js';
import { createTestDatabase } from './test-database.testing.js';

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const alive = async () =>
  (await db.query<{ objid: number }>(`SELECT * FROM ${LIVE_INSTANCES_SQL} l`)).map((row) => row.objid);
const killConnections = (id: number) =>
  db.query('SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = $1 AND objid = $2', ['advisory', id]);

it('is alive from its opening to its closing', async () => {
  const one = await Instance.open(db);
  const two = await Instance.open(db);
  expect(await alive()).toEqual(expect.arrayContaining([one.id, two.id]));
  one.close();
  await vi.waitFor(async () => expect(await alive()).toEqual([two.id]));
  two.close();
});

it('goes on under another id when its connection dies, so that nothing it claimed before can be mistaken for its own', async () => {
  const instance = await Instance.open(db);
  const before = instance.id;
  await killConnections(before);
  await vi.waitFor(() => expect(instance.id).not.toBe(before), { timeout: 10_000 });
  expect(await alive()).toEqual([instance.id]);
  instance.close();
});

it('knows whether a process before it was killed, or left', async () => {
  const killed = await Instance.open(db);
  killed.close();
  await vi.waitFor(async () => expect(await alive()).toEqual([]));
  const after = await Instance.open(db);
  expect(after.followsCrash).toBe(true);
  await after.leave();
  await vi.waitFor(async () => expect(await alive()).toEqual([]));
  const last = await Instance.open(db);
  expect(last.followsCrash).toBe(false);
  last.close();
});
