import { randomUUID } from 'node:crypto';

import type { EntityRef } from '@signalpost/rule-nodes/runtime';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { type Database, dropExpiredTelemetry } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { addTenant } from '../queue/queue.testing.js';
import { AttributeBatch } from './attribute-batch.js';
import { attributesUpdated } from './attribute-events.js';
import { TimeseriesBatch } from './timeseries-batch.js';

let db: Database;
let tenant: string;
let entity: EntityRef;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  tenant = await addTenant(db);
  entity = { entityType: 'DEVICE', id: randomUUID() };
});

const NOW = 1_700_000_000_000;
const clock = { now: () => NOW };
const BOTH = { history: true, latest: true };
const save = (values: { key: string; ts: number; value: number }[], store = BOTH, ttlSeconds = 0) =>
  db.transaction(async (uow) => {
    const batch = new TimeseriesBatch(uow, clock);
    await batch.forTenant(tenant).save([{ entity, values, ttlSeconds, store }]);
    await batch.flush();
  });
const latest = (keys: string[]) =>
  db.transaction(
    async (uow) => (await new TimeseriesBatch(uow, clock).forTenant(tenant).latest([{ entity, keys }]))[0],
  );
const history = () =>
  db.query('SELECT key, ts::int, value FROM telemetry WHERE tenant_id = $1 ORDER BY key, ts', [tenant]);

it('keeps every value in the history and the newest as the latest, in whatever order they come', async () => {
  await save([{ key: 't', ts: 2, value: 20 }]);
  await save([
    { key: 't', ts: 1, value: 10 },
    { key: 't', ts: 3, value: 30 },
  ]);
  await save([{ key: 't', ts: 2, value: 21 }]);
  expect(await history()).toEqual([
    { key: 't', ts: 1, value: 10 },
    { key: 't', ts: 2, value: 21 },
    { key: 't', ts: 3, value: 30 },
  ]);
  expect(await latest(['t', 'none'])).toEqual([{ key: 't', ts: 3, value: 30 }]);
});

it('stores what it is told to store, and nothing else', async () => {
  await save([{ key: 'h', ts: 1, value: 1 }], { history: true, latest: false });
  await save([{ key: 'l', ts: 1, value: 1 }], { history: false, latest: true });
  expect(await history()).toMatchObject([{ key: 'h' }]);
  expect(await latest(['h', 'l'])).toMatchObject([{ key: 'l' }]);
});

it('drops values when their time to live is over, counted from when they were stored, and no others', async () => {
  await save([{ key: 'kept', ts: 1, value: 1 }]);
  await save([{ key: 'short', ts: 1, value: 1 }], BOTH, 60);
  await save([{ key: 'long', ts: 1, value: 1 }], BOTH, 120);
  const keys = async () => (await history()).map((row) => 'key' in row && row.key);
  await dropExpiredTelemetry(db, NOW + 59_999);
  expect(await keys()).toEqual(['kept', 'long', 'short']);
  await dropExpiredTelemetry(db, NOW + 60_000);
  expect(await keys()).toEqual(['kept', 'long']);
  expect(await latest(['short'])).toMatchObject([{ key: 'short', value: 1 }]);
});

it('gives a value that is stored again the time to live of the last time', async () => {
  await save([{ key: 'a', ts: 1, value: 1 }], BOTH, 60);
  await save([{ key: 'a', ts: 1, value: 2 }]);
  await dropExpiredTelemetry(db, NOW + 60_000);
  expect(await history()).toMatchObject([{ key: 'a', value: 2 }]);
  await save([{ key: 'a', ts: 1, value: 3 }], BOTH, 60);
  await dropExpiredTelemetry(db, NOW + 60_000);
  expect(await history()).toEqual([]);
});

it('reads within a batch what the batch has saved', async () => {
  await save([{ key: 't', ts: 5, value: 5 }]);
  await db.transaction(async (uow) => {
    const port = new TimeseriesBatch(uow, clock).forTenant(tenant);
    await port.save([
      {
        entity,
        values: [
          { key: 't', ts: 6, value: 6 },
          { key: 'u', ts: 1, value: 1 },
        ],
        ttlSeconds: 0,
        store: BOTH,
      },
    ]);
    expect(await port.latest([{ entity, keys: ['t', 'u'] }])).toMatchObject([
      [
        { key: 't', value: 6 },
        { key: 'u', value: 1 },
      ],
    ]);
  });
});

it('tells which attributes changed, and writes unchanged ones only when asked to', async () => {
  const write = (ts: number, onlyIfChanged: boolean) =>
    db.transaction(async (uow) => {
      const batch = new AttributeBatch(uow);
      const values = [
        { key: 'a', ts, value: { x: 1 } },
        { key: `b${ts}`, ts, value: ts },
      ];
      const call = { entity, scope: 'SERVER_SCOPE' as const, values, onlyIfChanged, notifyDevice: false };
      const [changed] = await batch.forTenant(tenant).write([call]);
      await batch.flush();
      return changed;
    });
  const stored = () => db.query('SELECT key, ts::int FROM attribute WHERE tenant_id = $1 ORDER BY key', [tenant]);
  expect(await write(1, true)).toEqual(['a', 'b1']);
  expect(await write(2, true)).toEqual(['b2']);
  expect(await stored()).toContainEqual({ key: 'a', ts: 1 });
  await write(3, false);
  expect(await stored()).toContainEqual({ key: 'a', ts: 3 });
});

it("reads attributes of one scope, the batch's own included, and never another tenant's", async () => {
  const stranger = await addTenant(db);
  await db.transaction(async (uow) => {
    const batch = new AttributeBatch(uow);
    const write = {
      entity,
      scope: 'SERVER_SCOPE' as const,
      onlyIfChanged: true,
      notifyDevice: false,
      values: [{ key: 'a', ts: 1, value: 'v' }],
    };
    await batch.forTenant(tenant).write([write]);
    const read = { entity, scope: 'SERVER_SCOPE' as const, keys: ['a', 'b'] };
    expect(await batch.forTenant(tenant).read([read])).toMatchObject([[{ key: 'a', value: 'v' }]]);
    expect(await batch.forTenant(tenant).read([{ ...read, scope: 'CLIENT_SCOPE' }])).toEqual([[]]);
    expect(await batch.forTenant(stranger).read([read])).toEqual([[]]);
    await batch.flush();
    expect(await new AttributeBatch(uow).forTenant(stranger).read([read])).toEqual([[]]);
  });
});

it('announces changed shared and server attributes, once and without the unchanged ones', async () => {
  const announcing = (scope: 'SERVER_SCOPE' | 'CLIENT_SCOPE', value: unknown) =>
    db.transaction(async (uow) => {
      const batch = new AttributeBatch(uow);
      const values = [{ key: 'limits', ts: 5, value: value as { high: number } }];
      const call = { entity, scope, values, onlyIfChanged: true, notifyDevice: false, announceAs: randomUUID() };
      await batch.forTenant(tenant).write([call]);
      await batch.flush();
      return batch.announcements.map(attributesUpdated).map(({ message }) => [message.type, message.data]);
    });
  const document = { high: 80, lo: 1 };
  expect(await announcing('SERVER_SCOPE', document)).toEqual([['ATTRIBUTES_UPDATED', { limits: document }]]);
  expect(await announcing('SERVER_SCOPE', { ...document })).toEqual([]);
  expect(await announcing('CLIENT_SCOPE', document)).toEqual([]);
});

it('remembers which shared attributes a device is to be told of: what was written, where the write asks for it', async () => {
  const told = async (scope: 'SHARED_SCOPE' | 'SERVER_SCOPE', notifyDevice: boolean, onlyIfChanged: boolean) =>
    db.transaction(async (uow) => {
      const batch = new AttributeBatch(uow);
      const values = [{ key: 'limit', ts: 5, value: 80 }];
      await batch.forTenant(tenant).write([{ entity, scope, values, onlyIfChanged, notifyDevice }]);
      await batch.flush();
      return batch.forDevices;
    });
  expect(await told('SHARED_SCOPE', true, true)).toEqual([{ deviceId: entity.id, keys: ['limit'] }]);
  expect(await told('SHARED_SCOPE', true, true)).toEqual([]);
  expect(await told('SHARED_SCOPE', true, false)).toEqual([{ deviceId: entity.id, keys: ['limit'] }]);
  expect(await told('SHARED_SCOPE', false, false)).toEqual([]);
  expect(await told('SERVER_SCOPE', true, true)).toEqual([]);
});
