import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { type Principal, SYSTEM_ACTOR } from '../access/index.js';
import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import type { QueueEntry } from '../queue/index.js';
import { addTenant } from '../queue/queue.testing.js';
import { AttributeEdits } from './attribute-edits.js';
import { AttributeNews } from './attribute-news.js';

let db: Database;
let edits: AttributeEdits;
let admin: Principal;
let id: string;
const told: unknown[] = [];
const queued: QueueEntry[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const news = new AttributeNews();
  news.add((_uow, shared) => Promise.resolve(void told.push(...shared)));
  const queue = {
    enqueue: (_uow: unknown, entries: readonly QueueEntry[]) => Promise.resolve(void queued.push(...entries)),
  };
  edits = new AttributeEdits(db, { now: () => 5 }, queue, news);
});
afterAll(() => db.close());
beforeEach(async () => {
  told.length = queued.length = 0;
  const tenantId = await addTenant(db);
  admin = { tenantId, userId: randomUUID(), role: 'tenant-administrator', customerId: null };
  id = randomUUID();
  await db.query(`INSERT INTO device (tenant_id, id, name, token_hash) VALUES ($1, $2, $3, $4)`, [
    tenantId,
    id,
    'A1',
    Buffer.from(id),
  ]);
});

const stored = () =>
  db.query('SELECT scope, key, value FROM attribute WHERE tenant_id = $1 ORDER BY scope, key', [admin.tenantId]);
const save = (scope: 'SHARED_SCOPE' | 'SERVER_SCOPE', values: Record<string, number>) =>
  edits.save(admin, { id, scope }, { values }, SYSTEM_ACTOR);
const audited = () =>
  db.query('SELECT action, changes FROM audit_event WHERE tenant_id = $1 ORDER BY at, id', [admin.tenantId]);

it('writes what changed, tells the root chain and the device, and writes it down', async () => {
  await save('SHARED_SCOPE', { limit: 80 });
  await save('SHARED_SCOPE', { limit: 80, other: 1 });
  expect(await stored()).toEqual([
    { scope: 'SHARED_SCOPE', key: 'limit', value: 80 },
    { scope: 'SHARED_SCOPE', key: 'other', value: 1 },
  ]);
  expect(told).toEqual([
    { deviceId: id, keys: ['limit'] },
    { deviceId: id, keys: ['other'] },
  ]);
  expect(queued.map(({ message }) => [message.type, message.data])).toEqual([
    ['ATTRIBUTES_UPDATED', { limit: 80 }],
    ['ATTRIBUTES_UPDATED', { other: 1 }],
  ]);
  expect(await audited()).toMatchObject([
    { action: 'attribute.updated', changes: [{ field: 'limit', before: null, after: 80 }] },
    { action: 'attribute.updated', changes: [{ field: 'other' }] },
  ]);
});

it('tells no device of attributes that are none of its business', async () => {
  await save('SERVER_SCOPE', { address: 1 });
  expect(told).toEqual([]);
  expect(queued).toHaveLength(1);
});

it('deletes one, and tells the device that it is gone', async () => {
  await save('SHARED_SCOPE', { limit: 80, other: 1 });
  told.length = 0;
  const place = { id, scope: 'SHARED_SCOPE' } as const;
  await edits.remove(admin, place, 'limit', SYSTEM_ACTOR);
  expect(await stored()).toEqual([{ scope: 'SHARED_SCOPE', key: 'other', value: 1 }]);
  expect(told).toEqual([{ deviceId: id, keys: ['limit'] }]);
  await expect(edits.remove(admin, place, 'limit', SYSTEM_ACTOR)).rejects.toMatchObject({ code: 'not-found' });
});

it('knows no device of another tenant', async () => {
  const stranger = { ...admin, tenantId: await addTenant(db) };
  const place = { id, scope: 'SHARED_SCOPE' } as const;
  for (const attempt of [
    () => edits.save(stranger, place, { values: { a: 1 } }, SYSTEM_ACTOR),
    () => edits.remove(stranger, place, 'a', SYSTEM_ACTOR),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'not-found' });
});
