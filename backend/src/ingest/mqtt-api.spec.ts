import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { DeviceLink, tellDevices } from '../device-link/index.js';
import { WakeUp } from '../queue/index.js';
import { addTenant } from '../queue/queue.testing.js';
import { DeviceAttributes } from './device-attributes.js';
import { BODY_LIMIT_BYTES } from './device-lane.js';
import { Ingest } from './ingest.js';
import { MqttApi } from './mqtt-api.js';
import { QueueRoom } from './queue-room.js';

let db: Database;
let api: MqttApi;
let link: DeviceLink;
let port: number;
let tenant: string;
let clients: MqttClient[] = [];
let now = 0;
const said: object[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const ingest = new Ingest(db, new WakeUp(), new QueueRoom(db, 1000), { now: () => 1_700_000_000_000 });
  link = new DeviceLink(db, { warn: () => undefined });
  await link.start();
  const log = { debug: () => undefined, warn: (fields: object) => void said.push(fields) };
  api = new MqttApi(ingest, new DeviceAttributes(db), link, log, { now: () => now });
  port = await api.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await api.close();
  link.stop();
  await db.close();
});
beforeEach(async () => {
  await db.query('TRUNCATE queue_message');
  said.length = 0;
  now += 60_000;
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

const closeOf = (client: MqttClient) => new Promise<string>((resolve) => client.once('close', () => resolve('closed')));
const queued = () => db.query<{ type: string; data: string }>('SELECT type, data FROM queue_message ORDER BY seq');

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
  const closed = closeOf(client);
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
  const closed = closeOf(client);
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

/** A connection on which nothing was said yet. */
async function silent(): Promise<Socket> {
  const socket = connectSocket(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** The first bytes of a packet of this kind, which claims to be so long. */
function announcement(kind: 'connect' | 'publish', length: number): Buffer {
  const digits = [0, 1, 2, 3].map((at) => (Math.floor(length / 128 ** at) & 127) | (at === 3 ? 0 : 128));
  return Buffer.from([kind === 'connect' ? 0x10 : 0x30, ...digits]);
}

/** A socket tells of its end only to who reads. */
const hungUp = (socket: Socket) => once(socket.resume(), 'close');

it('hangs up on a first packet that announces too much, before any of it is kept', async () => {
  const socket = await silent();
  const closed = hungUp(socket);
  for (const byte of announcement('connect', BODY_LIMIT_BYTES + 1)) socket.write(Buffer.from([byte]));
  await closed;
  expect(said).toEqual([{ source: '127.0.0.1', announcedBytes: BODY_LIMIT_BYTES + 1, limitBytes: BODY_LIMIT_BYTES }]);
});

it('hangs up on a device that announces a packet of 256 MB, behind others in the same bytes, and trickles', async () => {
  const token = randomUUID();
  const deviceId = await addDevice(token);
  const client = await connect(token);
  const closed = closeOf(client);
  const ping = Buffer.from([0xc0, 0]);
  client.stream.write(Buffer.concat([ping, ping, announcement('publish', 268_435_455)]));
  const trickle = setInterval(() => client.stream.write('x'), 1);
  await closed;
  clearInterval(trickle);
  expect(said).toMatchObject([{ deviceId, announcedBytes: 268_435_455 }]);
});

it('tells of a device that announces too much once a minute, however often it comes back', async () => {
  const token = randomUUID();
  const deviceId = await addDevice(token);
  const overdo = async () => {
    const client = await connect(token);
    const closed = closeOf(client);
    client.stream.write(announcement('publish', BODY_LIMIT_BYTES + 1));
    await closed;
  };
  await overdo();
  await overdo();
  now += 60_000;
  await overdo();
  expect(said).toMatchObject([{ deviceId }, { deviceId }]);
});

it('takes what is just as large as may be, in however many parts, and what comes behind it', async () => {
  const token = randomUUID();
  await addDevice(token);
  const client = await connect(token);
  const frame = 2 + 'v2/t'.length + 2;
  const large = JSON.stringify({ a: 'x'.repeat(BODY_LIMIT_BYTES - frame - '{"a":""}'.length) });
  await Promise.all([large, '{"b":1}'].map((data) => client.publishAsync('v2/t', data, { qos: 1 })));
  expect((await queued()).map(({ data }) => data.length)).toEqual([large.length, 7]);
});

it('ends a connection on which nobody says who is there', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const [quiet, trickling] = [await silent(), await silent()];
    const ends = [hungUp(quiet), hungUp(trickling)];
    trickling.write(announcement('connect', 100));
    await expect(connect('nobody')).rejects.toMatchObject({ code: 5 }); // so the broker has the two before it
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(ends);
  } finally {
    vi.useRealTimers();
  }
});

it('keeps nothing of what devices publish for sessions that are away', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // what the flag makes
  const [token, absent] = [randomUUID(), randomUUID()];
  await addDevice(token);
  await addDevice(absent);
  const session = await connect(absent, { clientId: 'away', clean: false });
  await session.subscribeAsync('v1/devices/me/telemetry', { qos: 1 });
  await session.endAsync();
  const client = await connect(token);
  const payload = JSON.stringify({ a: 'x'.repeat(200_000) });
  const kept = () => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = kept();
  for (let n = 0; n < 60; n += 1)
    await client.publishAsync('v1/devices/me/telemetry', payload, { qos: n % 2 === 0 ? 1 : 2, retain: n % 3 === 0 });
  await vi.waitUntil(() => kept() - before < 3_000_000, { timeout: 10_000 });
});
