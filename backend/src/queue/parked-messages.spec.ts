import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { park } from './parked-messages.js';
import { addTenant, openQueue, telemetryMessage } from './queue.testing.js';

let db: Database;
let q: Awaited<ReturnType<typeof openQueue>>;
let tenantId: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.query('TRUNCATE queue_message, parked_message');
  q = await openQueue(db);
  tenantId = await addTenant(db);
  return () => q.instance.close();
});

const message = telemetryMessage(randomUUID());
const continuation = { chainId: randomUUID(), chainVersion: 1, nodeId: randomUUID(), message, stack: [], hops: 0 };
async function parked(follows: readonly string[] | null): Promise<string> {
  const id = randomUUID();
  await db.transaction((uow) => park(uow, [{ tenantId, id, continuation, follows }]));
  return id;
}
const answer = (parkedId: string, label: string) =>
  q.add([{ tenantId, message: { ...message, id: randomUUID() }, resume: { parkedId, label, metadata: {} } }]);
const queued = async () =>
  (await db.query<{ id: string }>(`SELECT resume ->> 'parkedId' AS id FROM queue_message`)).map(({ id }) => id);
const waiting = async () => (await db.query<{ id: string }>('SELECT id FROM parked_message')).map(({ id }) => id);

it('ends with an answer that leads nowhere, without a place in the queue', async () => {
  await answer(await parked(['failure']), 'Success');
  expect(await waiting()).toEqual([]);
  expect(await queued()).toEqual([]);
});

it('goes on through the queue with an answer that something follows, whatever its case', async () => {
  const id = await parked(['failure', 'needs attention']);
  await answer(id, 'Failure');
  await answer(id, 'Needs Attention');
  expect(await waiting()).toEqual([id]);
  expect(await queued()).toEqual([id, id]);
});

it('goes on through the queue where it is not known what follows', async () => {
  const id = await parked(null);
  await answer(id, 'Success');
  expect(await queued()).toEqual([id]);
});

it('goes on when it is answered in the transaction that is about to park it', async () => {
  const id = randomUUID();
  const resume = { parkedId: id, label: 'Success', metadata: {} };
  await db.transaction(async (uow) => {
    await q.queue.enqueue(uow, [{ tenantId, message, resume }]);
    await park(uow, [{ tenantId, id, continuation, follows: ['failure'] }]);
  });
  expect(await queued()).toEqual([id]);
});
