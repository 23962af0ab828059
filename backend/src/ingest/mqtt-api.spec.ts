import { createHash, randomUUID } from 'node:crypto';

import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { DeviceLink, tellDevices } from '../device-link/index.js';
import { WakeUp } from '../queue/index.js';
import { addTenant } from '../queue/queue.testing.js';
import { DeviceAttributes } from './device-attributes.js';
import { Ingest } from './ingest.js';
import { MqttApi } from './mqtt-api.js';
import { QueueRoom } from './queue-room.js';

let db: Database;
let api: MqttApi;
let link: DeviceLink;
let port: number;
let tenant: string;
let clients: MqttClient[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const ingest = new Ingest(db, new WakeUp(), new QueueRoom(db, 1000), { now: () => 1_700_000_000_000 });
  link = new DeviceLink(db);
  await link.start();
  api = new MqttApi(ingest, new DeviceAttributes(db), link, { debug: () => undefined });
  port = await api.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await api.close();
  link.stop();
  await db.close();
});
beforeEach(async () => {
  await db.query('TRUNCATE queue_message');
  tenant = await addTenant(db);
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  clients = [];
});

async function addDevice(token: string): Promise<string> {
  const id = randomUUID();
  const hash = createHash('sha256').update(token).digest();
  await db.query('INSERT INTO device (tenant_id, id, name, token_hash) VALUES ($1, $2, $3, $4)', [
    tenant,
    id,
    token,
    hash,
  ]);
  return id;
}

async function connect(username: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    ...options,
    username,
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  clients.push(client);
  return client;
}

const queued = () => db.query('SELECT type, data FROM queue_message ORDER BY seq');

it.each([
  ['v1/devices/me/telemetry', 'POST_TELEMETRY_REQUEST'],
  ['v2/t', 'POST_TELEMETRY_REQUEST'],
  ['v1/devices/me/attributes', 'POST_ATTRIBUTES_REQUEST'],
])('has committed what was published on %s when it acknowledges it', async (topic, type) => {
  const token = randomUUID();
  await addDevice(token);
  const client = await connect(token);
  await client.publishAsync(topic, '{"a": 1}', { qos: 1 });
  expect(await queued()).toEqual([{ type, data: '{"a":1}' }]);
});

it('keeps the order in which a device publishes, however fast', async () => {
  const token = randomUUID();
  await addDevice(token);
  const client = await connect(token);
  await Promise.all(
    Array.from({ length: 100 }, (_, n) => client.publishAsync('v1/devices/me/telemetry', `{"n": ${n}}`, { qos: 1 })),
  );
  expect((await queued()).map((row) => row)).toEqual(
    Array.from({ length: 100 }, (_, n) => ({ type: 'POST_TELEMETRY_REQUEST', data: `{"n":${n}}` })),
  );
});

it('refuses a connection with a token that no device has', async () => {
  await expect(connect('nobody')).rejects.toMatchObject({ code: 5 });
});

it.each([
  ['malformed JSON', 'v1/devices/me/telemetry', '{"a": '],
  ['a topic of nobody', 'somewhere/else', '{"a": 1}'],
])('acknowledges nothing of %s, keeps nothing, and ends the connection', async (_what, topic, payload) => {
  const token = randomUUID();
  await addDevice(token);
  const client = await connect(token);
  const closed = new Promise((resolve) => client.once('close', () => resolve(undefined)));
  const publishing = client.publishAsync(topic, payload, { qos: 1 });
  publishing.catch(() => undefined);
  await closed;
  expect(await queued()).toEqual([]);
});

it('answers a request for attributes to the device that asked, and to no other', async () => {
  const [token, other] = [randomUUID(), randomUUID()];
  const id = await addDevice(token);
  await addDevice(other);
  await db.query(`INSERT INTO attribute VALUES ($1, $2, 'DEVICE', 'SHARED_SCOPE', 'limit', 1, '42')`, [tenant, id]);
  const [asking, listening] = [await connect(token), await connect(other)];
  const overheard: string[] = [];
  listening.on('message', (topic) => overheard.push(topic));
  for (const client of [asking, listening])
    await client.subscribeAsync(['v1/devices/me/attributes/response/+', 'v1/devices/me/telemetry']);
  const answer = new Promise<string>((resolve) =>
    asking.once('message', (topic, payload) => resolve(`${topic} ${payload.toString()}`)),
  );
  await asking.publishAsync('v1/devices/me/telemetry', '{"secret": 1}', { qos: 1 });
  await asking.publishAsync('v1/devices/me/attributes/request/7', '{"sharedKeys": "limit"}', { qos: 1 });
  expect(await answer).toBe('v1/devices/me/attributes/response/7 {"shared":{"limit":42}}');
  expect(overheard).toEqual([]);
});

const tell = (deviceId: string, ...keys: string[]) => db.transaction((uow) => tellDevices(uow, [{ deviceId, keys }]));
const nextOf = (client: MqttClient) =>
  new Promise<string>((resolve) => client.once('message', (topic, payload) => resolve(`${topic} ${String(payload)}`)));

it.each([
  ['v1/devices/me/attributes', 0],
  ['v1/devices/me/attributes', 1],
  ['v2/a', 1],
] as const)(
  'tells a device on %s (QoS %i) of shared attributes that were written, and no other',
  async (topic, qos) => {
    const [token, other] = [randomUUID(), randomUUID()];
    const id = await addDevice(token);
    await addDevice(other);
    await db.query(`INSERT INTO attribute VALUES ($1, $2, 'DEVICE', 'SHARED_SCOPE', 'limit', 1, '42')`, [tenant, id]);
    const [told, listening] = [await connect(token), await connect(other)];
    const overheard: string[] = [];
    listening.on('message', (heard) => overheard.push(heard));
    for (const client of [told, listening]) await client.subscribeAsync(topic, { qos });
    const news = nextOf(told);
    await listening.publishAsync('v1/devices/me/attributes', '{"limit": "of another device"}', { qos: 1 });
    await tell(id, 'limit', 'gone');
    expect(await news).toBe(`${topic} {"limit":42,"deleted":["gone"]}`);
    expect(overheard).toEqual([]);
  },
);

it('tells nothing to a device whose token was taken away, and ends its connection', async () => {
  const token = randomUUID();
  const id = await addDevice(token);
  const client = await connect(token);
  await client.subscribeAsync('v1/devices/me/attributes');
  const closed = new Promise((resolve) => client.once('close', () => resolve('closed')));
  await db.query(`UPDATE device SET token_hash = 'another' WHERE id = $1`, [id]);
  await tell(id, 'limit');
  expect(await closed).toBe('closed');
});

it('lets no device take over the session of another by its client id', async () => {
  const [token, stranger] = [randomUUID(), randomUUID()];
  await addDevice(token);
  await addDevice(stranger);
  const client = await connect(token, { clientId: 'same' });
  await connect(stranger, { clientId: 'same' });
  await client.publishAsync('v1/devices/me/telemetry', '{"a": 1}', { qos: 1 });
  expect(client.connected).toBe(true);
});
