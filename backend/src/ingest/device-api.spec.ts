import { createHash, randomUUID } from 'node:crypto';

import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { DeviceLink, tellDevices } from '../device-link/index.js';
import { WakeUp } from '../queue/index.js';
import { addTenant } from '../queue/queue.testing.js';
import { AttributeUpdates } from './attribute-updates.js';
import { deviceApi } from './device-api.js';
import { DeviceAttributes } from './device-attributes.js';
import { Ingest } from './ingest.js';
import { QueueRoom } from './queue-room.js';

const QUEUE_LIMIT = 50;
let db: Database;
let app: FastifyInstance;
let url: string;
let room: QueueRoom;
let link: DeviceLink;
let updates: AttributeUpdates;
let now = 1_700_000_000_000;
let tenant: string;

beforeAll(async () => {
  db = await createTestDatabase();
  room = new QueueRoom(db, QUEUE_LIMIT);
  link = new DeviceLink(db, { warn: () => undefined });
  await link.start();
  const attributes = new DeviceAttributes(db);
  updates = new AttributeUpdates(link, attributes);
  app = Fastify();
  await app.register(deviceApi(new Ingest(db, new WakeUp(), room, { now: () => now }), attributes, updates, console));
  url = await app.listen({ port: 0 });
});
afterAll(async () => {
  updates.stop();
  link.stop();
  await app.close();
  await db.close();
});
beforeEach(async () => {
  await db.query('TRUNCATE queue_message');
  tenant = await addTenant(db);
});

async function addDevice(token: string): Promise<string> {
  const id = randomUUID();
  await db.query(`INSERT INTO device (tenant_id, id, name, type, token_hash) VALUES ($1, $2, $3, 'thermostat', $4)`, [
    tenant,
    id,
    token,
    createHash('sha256').update(token).digest(),
  ]);
  return id;
}

const post = (token: string, body: unknown, path = 'telemetry', type = 'application/json') =>
  fetch(`${url}/api/v1/${token}/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const queued = () =>
  db.query<{ originator_id: string; type: string; metadata: unknown; data: string; ts: string }>(
    'SELECT originator_id, type, metadata, data, ts FROM queue_message ORDER BY seq',
  );

it('answers 200 with an empty body when the message is committed', async () => {
  const id = await addDevice('A1');
  const answer = await post('A1', { temperature: 90 });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  expect(await queued()).toEqual([
    {
      originator_id: id,
      type: 'POST_TELEMETRY_REQUEST',
      metadata: { deviceName: 'A1', deviceType: 'thermostat', ts: String(now) },
      data: '{"temperature":90}',
      ts: String(now),
    },
  ]);
});

it('takes any content type, since curl and small devices send what they like', async () => {
  await addDevice('A2');
  expect((await post('A2', '{"a": 1}', 'telemetry', 'application/x-www-form-urlencoded')).status).toBe(200);
});

it('makes one message of each item of an array, in order', async () => {
  await addDevice('A3');
  await post('A3', [
    { ts: 1, values: { a: 1 } },
    { ts: 2, values: { a: 2 } },
  ]);
  expect((await queued()).map((row) => row.data)).toEqual(['{"a":1}', '{"a":2}']);
});

it('takes attributes', async () => {
  await addDevice('A4');
  expect((await post('A4', { firmware: '1.0' }, 'attributes')).status).toBe(200);
  expect(await queued()).toMatchObject([
    {
      type: 'POST_ATTRIBUTES_REQUEST',
      metadata: { deviceName: 'A4', deviceType: 'thermostat', notifyDevice: 'false' },
    },
  ]);
});

it('answers what a device may read: its own attributes and the shared ones', async () => {
  const id = await addDevice('A5');
  for (const [scope, key] of [
    ['CLIENT_SCOPE', 'c1'],
    ['CLIENT_SCOPE', 'c2'],
    ['SHARED_SCOPE', 's1'],
    ['SERVER_SCOPE', 'hidden'],
  ]) {
    await db.query(`INSERT INTO attribute VALUES ($1, $2, 'DEVICE', $3, $4, 1, '"v"')`, [tenant, id, scope, key]);
  }
  const get = async (query: string) => (await fetch(`${url}/api/v1/A5/attributes${query}`)).json();
  expect(await get('')).toEqual({ client: { c1: 'v', c2: 'v' }, shared: { s1: 'v' } });
  expect(await get('?clientKeys=c2,none')).toEqual({ client: { c2: 'v' } });
  expect((await fetch(`${url}/api/v1/nobody/attributes`)).status).toBe(401);
});

it.each([
  ['a token that no device has', 'nobody', '{"a": 1}', 401, 'unknown-device-token'],
  ['malformed JSON', 'B1', '{"a": ', 400, 'malformed-request'],
  ['a shape that is no telemetry', 'B1', '[1, 2]', 400, 'malformed-request'],
  ['an array with one bad item', 'B1', '[{"a": 1}, {}]', 400, 'malformed-request'],
  ['a body that is too large', 'B1', JSON.stringify({ a: 'x'.repeat(300_000) }), 413, 'payload-too-large'],
])('refuses %s and keeps nothing', async (_what, token, body, status, code) => {
  if (token === 'B1') await addDevice('B1').catch(() => undefined);
  const answer = await post(token, body);
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await queued()).toEqual([]);
});

it("answers 429 with Retry-After over the tenant's limit, and takes messages again later", async () => {
  await addDevice('C1');
  await db.query(`UPDATE tenant SET limits = '{"telemetryPerSecond": 2}' WHERE id = $1`, [tenant]);
  const statuses = [];
  for (let request = 0; request < 3; request += 1) statuses.push((await post('C1', { a: 1 })).status);
  expect(statuses).toEqual([200, 200, 429]);
  const refused = await post('C1', { a: 1 });
  expect(refused.headers.get('retry-after')).toBe('1');
  now += 1000;
  expect((await post('C1', { a: 1 })).status).toBe(200);
});

it('counts the requests of a first burst, too, which nobody could know to be over the limit', async () => {
  await addDevice('C2');
  await db.query(`UPDATE tenant SET limits = '{"telemetryPerSecond": 5}' WHERE id = $1`, [tenant]);
  await Promise.all(Array.from({ length: 20 }, () => post('C2', { a: 1 })));
  expect((await post('C2', { a: 1 })).status).toBe(429);
  now += 2000;
  expect((await post('C2', { a: 1 })).status).toBe(200);
});

it('answers 503 when the queue is full, and keeps nothing of it', async () => {
  await addDevice('D1');
  await post(
    'D1',
    Array.from({ length: QUEUE_LIMIT }, () => ({ a: 1 })),
  );
  await room.look();
  const refused = await post('D1', { a: 1 });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await queued()).toHaveLength(QUEUE_LIMIT);
  await db.query('TRUNCATE queue_message');
  await room.look();
  expect((await post('D1', { a: 1 })).status).toBe(200);
});

it('refuses a token from the moment on in which it was taken away', async () => {
  const id = await addDevice('E1');
  expect((await post('E1', { a: 1 })).status).toBe(200);
  await db.query('DELETE FROM device WHERE id = $1', [id]);
  expect((await post('E1', { a: 1 })).status).toBe(401);
});

const share = (deviceId: string, key: string, value: string) =>
  db.query(
    `INSERT INTO attribute VALUES ($1, $2, 'DEVICE', 'SHARED_SCOPE', $3, 1, $4)
     ON CONFLICT (tenant_id, entity_id, scope, key) DO UPDATE SET value = excluded.value`,
    [tenant, deviceId, key, value],
  );
const tell = (deviceId: string, ...keys: string[]) => db.transaction((uow) => tellDevices(uow, [{ deviceId, keys }]));
const poll = (token: string, timeout = '') => fetch(`${url}/api/v1/${token}/attributes/updates${timeout}`);

it('tells a waiting device of the shared attributes that were written, and of no others', async () => {
  const [id, connected] = [await addDevice('F1'), vi.spyOn(link, 'connect')];
  await share(id, 'limit', '42');
  await share(id, 'other', '1');
  const answer = poll('F1');
  await vi.waitFor(() => expect(connected).toHaveBeenCalledOnce());
  await tell(randomUUID(), 'limit');
  await tell(id, 'limit');
  expect(await (await answer).json()).toEqual({ limit: 42 });
});

it('answers 408 with an empty body to a device that nothing is to be told in its time', async () => {
  await addDevice('F2');
  const answer = await poll('F2', '?timeout=20');
  expect([answer.status, await answer.text()]).toEqual([408, '']);
  expect((await poll('nobody')).status).toBe(401);
});

it('refuses a device that asks again and again without waiting for its answers', async () => {
  await addDevice('F3');
  const answers = Array.from({ length: 5 }, () => poll('F3', '?timeout=2000').then((answer) => answer.status));
  expect(await Promise.race(answers)).toBe(429);
  updates.stop();
  expect((await Promise.all(answers)).sort()).toEqual([408, 408, 408, 408, 429]);
});
