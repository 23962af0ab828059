import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import type { Batch } from './queue-types.js';
import { addTenant, lettersOf, openQueue, partitionOf, samePartition, telemetryMessage } from './queue.testing.js';
import { MOST_ATTEMPTS } from './settle.js';

let db: Database;
let q: Awaited<ReturnType<typeof openQueue>>;
let tenant: string;
let device: string;
let partition: number;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.query('TRUNCATE queue_message, queue_hold, dead_letter, queue_partition');
  q = await openQueue(db);
  tenant = await addTenant(db);
  device = randomUUID();
  partition = await partitionOf(db, device);
  return () => q.instance.close();
});

const entry = (originator = device, tenantId = tenant) => ({ tenantId, message: telemetryMessage(originator) });
const ids = (batch: Batch | null) => batch?.entries.map((claimed) => claimed.message.id);
const claim = async () => {
  const batch = await q.claims.claim({ partitions: [partition], most: 100 });
  if (batch === null) throw new Error('nothing to claim');
  return batch;
};
/** A device of another partition. */
async function elsewhereThan(unwanted: number): Promise<{ device: string; partition: number }> {
  const found = { device: randomUUID(), partition: unwanted };
  while (found.partition === unwanted) {
    found.device = randomUUID();
    found.partition = await partitionOf(db, found.device);
  }
  return found;
}
const owned = async () => (await db.query('SELECT 1 FROM queue_partition WHERE owner IS NOT NULL')).length;
const waiting = async () => (await db.query('SELECT 1 FROM queue_message')).length;
const waitingForLocks = async () => {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return (await db.query(sql)).length;
};
const letters = () => lettersOf(db, tenant);

it('gives back what was put in, in the order of acceptance, and forgets it when it is settled', async () => {
  const entries = [entry(), entry(), entry()];
  await q.add(entries);
  const batch = await claim();
  expect(batch.entries.map((claimed) => claimed.message)).toEqual(entries.map((added) => added.message));
  await q.settle(batch);
  expect(await waiting()).toBe(0);
});

it('takes the next batch with the end of the one before, from any partitions', async () => {
  const elsewhere = await elsewhereThan(partition);
  const [first, second, third] = [entry(), entry(elsewhere.device), entry()];
  await q.add([first]);
  const batch = await claim();
  await q.add([second, third]);
  const partitions = [partition, elsewhere.partition];
  const next = await q.settle(batch, [], { partitions, most: 100 });
  expect([ids(batch), ids(next)]).toEqual([[first.message.id], [second.message.id, third.message.id]]);
  expect(await waiting()).toBe(2);
  if (next !== null) expect(await q.settle(next, [], { partitions, most: 100 })).toBeNull();
  expect([await waiting(), await owned()]).toEqual([0, 0]);
});

it('takes nothing that another instance has done while it waited', async () => {
  const elsewhere = await elsewhereThan(partition);
  await q.add([entry()]);
  const batch = await claim();
  await q.add([entry(elsewhere.device)]);
  const other = await openQueue(db);
  const next = { partitions: [partition, elsewhere.partition], most: 100 };
  const late = await db.transaction(async (uow) => {
    await uow.query('SELECT 1 FROM queue_partition WHERE partition = $1 FOR UPDATE', [partition]);
    const taken = q.settle(batch, [], next);
    await vi.waitFor(async () => expect(await waitingForLocks()).toBe(1));
    const theirs = await other.claims.claim({ partitions: [elsewhere.partition], most: 100 });
    if (theirs !== null) await other.settle(theirs);
    return { taken };
  });
  expect(await late.taken).toBeNull();
  expect([await waiting(), await owned()]).toEqual([0, 0]);
  other.instance.close();
});

it('runs a message alone that is to run alone, whatever partitions are claimed', async () => {
  const elsewhere = await elsewhereThan(partition);
  const [bad, other] = [entry(), entry(elsewhere.device)];
  await q.add([other, bad]);
  await db.query('UPDATE queue_message SET solo = true WHERE message_id = $1', [bad.message.id]);
  const next = { partitions: [partition, elsewhere.partition], most: 100 };
  const alone = await q.claims.claim(next);
  expect([ids(alone), alone?.more]).toEqual([[bad.message.id], next.partitions]);
  if (alone !== null) expect(ids(await q.settle(alone, [], next))).toEqual([other.message.id]);
});

it('does not blame a message for a crash that had company in its batch, if in another partition', async () => {
  const elsewhere = await elsewhereThan(partition);
  await q.add([entry(), entry(elsewhere.device)]);
  await q.claims.claim({ partitions: [partition, elsewhere.partition], most: 100 });
  q.instance.close();
  q = await openQueue(db);
  await vi.waitFor(async () => {
    await q.recovery.adoptOrphans();
    expect(await owned()).toBe(0);
  });
  expect(await db.query('SELECT DISTINCT crashes, solo FROM queue_message')).toEqual([{ crashes: 0, solo: true }]);
});

it('wakes the consumers of the partition after the commit, and not after a rollback', async () => {
  const woken: number[] = [];
  q.wakeUp.listen((partitions) => woken.push(...partitions));
  const failing = db.transaction(async (uow) => {
    await q.queue.enqueue(uow, [entry()]);
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(woken).toEqual([]);
  await q.add([entry()]);
  expect(woken).toEqual([partition]);
});

it('lets nobody else work on a partition that is under way', async () => {
  await q.add([entry(), entry()]);
  await claim();
  const other = await openQueue(db);
  expect(await other.claims.claim({ partitions: [partition], most: 100 })).toBeNull();
  other.instance.close();
});

it(
  "serves another tenant in the next claim while one tenant's 200,000 messages wait",
  { timeout: 120_000 },
  async () => {
    await db.query(
      `INSERT INTO queue_message (partition, tenant_id, message_id, originator_type, originator_id, ts, type, metadata, data)
     SELECT $1, $2, gen_random_uuid(), 'DEVICE', $3, 0, 'POST_TELEMETRY_REQUEST', '{}', '{}' FROM generate_series(1, 200000)`,
      [partition, tenant, device],
    );
    const [neighbour = ''] = await samePartition(db, device, 1);
    const small = entry(neighbour, await addTenant(db));
    await q.add([small]);
    const batch = await claim();
    expect(ids(batch)).toContain(small.message.id);
    expect(batch.entries.length).toBeLessThanOrEqual(101);
  },
);

it('goes on with the tenants behind the last one served, so that many tenants all have their turn', async () => {
  const tenants = await Promise.all(Array.from({ length: 40 }, () => addTenant(db)));
  await q.add(
    tenants.flatMap((id) => [
      entry(device, id),
      entry(device, id),
      entry(device, id),
      entry(device, id),
      entry(device, id),
    ]),
  );
  const first = await claim();
  await q.settle(first);
  const second = await claim();
  const served = new Set([...first.entries, ...second.entries].map((claimed) => claimed.tenantId));
  expect(served.size).toBe(40);
});

it('refuses to commit a batch whose partition was taken over', async () => {
  await q.add([entry()]);
  const batch = await claim();
  q.instance.close();
  const successor = await openQueue(db);
  await vi.waitFor(async () => {
    await successor.recovery.adoptOrphans();
    expect(await successor.claims.claim({ partitions: [partition], most: 100 })).not.toBeNull();
  });
  await expect(q.settle(batch)).rejects.toThrow('Another instance has taken over');
  expect(await waiting()).toBe(1);
  successor.instance.close();
});

it('runs the messages of a batch that died one at a time', async () => {
  await q.add([entry(), entry(), entry()]);
  const died = await claim();
  await q.recovery.fail(died, { code: 'batch-failed', message: 'boom', retryable: true });
  const alone = await claim();
  expect(ids(alone)).toEqual([died.entries[0]?.message.id]);
});

it('files a message that was alone under way when the process died twice', async () => {
  await q.add([entry()]);
  const [expected] = (await claim()).entries;
  for (let deaths = 1; deaths <= 2; deaths += 1) {
    q.instance.close();
    q = await openQueue(db);
    await vi.waitFor(async () => {
      await q.recovery.adoptOrphans();
      expect(await db.query('SELECT 1 FROM queue_partition WHERE owner IS NOT NULL')).toEqual([]);
    });
    if (deaths === 1) await claim();
  }
  expect(await waiting()).toBe(0);
  expect(await letters()).toMatchObject([
    { entry: { message: { id: expected?.message.id } }, failure: { code: 'process-died' } },
  ]);
});

it('never takes over what it works on itself, also when the work began after it had looked', async () => {
  await q.add([entry()]);
  const batch = await claim();
  await q.recovery.adoptOrphans((busy) => busy === partition);
  await q.settle(batch);
  expect(await waiting()).toBe(0);
  await q.add([entry()]);
  const lost = await claim();
  await q.recovery.adoptOrphans(() => false);
  expect(ids(await claim())).toEqual(ids(lost));
});

it('holds back the originator of a message that is to be retried, and nobody else', async () => {
  const [neighbour = ''] = await samePartition(db, device, 1);
  const [bad, next, other] = [entry(), entry(), entry(neighbour)];
  await q.add([bad, next, other]);
  const batch = await claim();
  const [failed] = batch.entries;
  if (failed === undefined) throw new Error('empty claim');
  await q.recovery.putBack(batch);
  const again = await claim();
  await q.settle({ ...again, entries: [failed] }, [{ entry: failed, retry: [] }]);
  expect(ids(await claim())).toEqual([other.message.id]);
});

it(`files a message after ${MOST_ATTEMPTS} attempts, and a replay puts it back`, async () => {
  const tried = entry();
  await q.add([tried]);
  const failure = { code: 'down', message: 'The far side is down.', retryable: true };
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    await db.query('UPDATE queue_hold SET until = now()');
    const batch = await claim();
    await q.settle(
      batch,
      batch.entries.map((failed) => ({ entry: failed, retry: [], retryFailure: failure })),
    );
  }
  const [letter] = await letters();
  expect(letter).toMatchObject({ entry: { message: { id: tried.message.id } }, failure });
  expect(q.told).toEqual([tenant]);
  await db.query('DELETE FROM queue_hold');
  await db.transaction((uow) => q.deadLetters.replay(uow, tenant, letter?.id ?? ''));
  expect(ids(await claim())).toEqual([tried.message.id]);
  expect(await letters()).toEqual([]);
  expect(q.told).toEqual([tenant, tenant]);
});
