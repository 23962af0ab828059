import { createHash, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { type Database, Instance } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { ALL_PARTITIONS, type QueueEntry, type StraightEnd, StraightWay, WakeUp } from '../queue/index.js';
import { addTenant, openQueue } from '../queue/queue.testing.js';
import { Ingest } from './ingest.js';
import { parseAttributes, parseTelemetry } from './payload.js';
import { QueueRoom } from './queue-room.js';
import { StraightArrivals } from './straight-arrivals.js';

let db: Database;
let instance: Instance;
let way: StraightWay;
let ingest: Ingest;
let now: number;
let ran: { entries: readonly QueueEntry[]; alongside: unknown }[];
/** What the runner answers for a message, by its value of "id". */
let endOf: (id: unknown) => StraightEnd;
const clock = { now: () => now };

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.query('TRUNCATE queue_message');
  instance = await Instance.open(db);
  now = 1_700_000_000_000;
  ran = [];
  endOf = () => true;
  way = new StraightWay();
  way.open({
    alongside: '(SELECT json_agg(tenant_id) FROM waiting)',
    isOpen: true,
    takes: () => true,
    run: (entries, alongside) => {
      ran.push({ entries, alongside });
      return Promise.resolve(entries.map(({ message }) => endOf((message.data as { id?: unknown }).id)));
    },
  });
  const straight = new StraightArrivals(db, instance, way, clock);
  ingest = new Ingest(db, new WakeUp(), new QueueRoom(db, 1000), clock, straight);
  return () => instance.leave();
});

async function addDevice(tenantId?: string) {
  const [tenant, id, token] = [tenantId ?? (await addTenant(db)), randomUUID(), randomUUID()];
  await db.query(`INSERT INTO device (tenant_id, id, name, type, token_hash) VALUES ($1, $2, $3, 'thermostat', $4)`, [
    tenant,
    id,
    `Device ${id}`,
    createHash('sha256').update(token).digest(),
  ]);
  return { tenant, id, token };
}
const send = (token: string, ...ids: number[]) =>
  ingest.accept(token, JSON.stringify(ids.map((id) => ({ id }))), parseTelemetry);
const queued = async () =>
  (await db.query<{ data: string }>('SELECT data FROM queue_message ORDER BY seq')).map(
    ({ data }) => (JSON.parse(data) as { id: number }).id,
  );

it('hands over messages as the queue would give them, with what is read beside them', async () => {
  const { tenant, token } = await addDevice();
  const bodies = [
    ['{"ts":1690000000000,"values":{"t":"21.5","name":"Käthe","__proto__":{"a":1}}}', parseTelemetry],
    ['{"address":"Main St 12"}', parseAttributes],
  ] as const;
  for (const [body, parse] of bodies) await ingest.accept(token, body, parse);
  way.close();
  for (const [body, parse] of bodies) await ingest.accept(token, body, parse);
  const queue = await openQueue(db);
  const batch = await queue.claims.claim({ partitions: ALL_PARTITIONS, most: 10 });
  await queue.instance.leave();
  const withoutId = ({ tenantId, message: { id, ...message } }: QueueEntry) => ({
    tenantId,
    message,
    hasId: id !== '',
  });
  expect(ran.flatMap(({ entries }) => entries.map(withoutId))).toEqual(batch?.entries.map(withoutId));
  expect(ran[0]?.alongside).toEqual([tenant]);
});

it('queues nothing of what is done with, at once or when it is committed', async () => {
  const { token } = await addDevice();
  endOf = (id) => (id === 1 ? true : Promise.resolve(true));
  await send(token, 1, 2);
  expect(await queued()).toEqual([]);
});

it('queues what the runner has left, in the order of arrival, and answers then', async () => {
  const { token } = await addDevice();
  const later = Promise.withResolvers<boolean>();
  endOf = (id) => (id === 1 ? true : later.promise);
  const answer = send(token, 1, 2, 3);
  later.resolve(false);
  await answer;
  expect(await queued()).toEqual([2, 3]);
});

it('queues what comes behind something of the same device that waits, and tries other devices', async () => {
  const [one, other] = [await addDevice(), await addDevice()];
  endOf = () => false;
  await send(one.token, 1);
  now += 1_000;
  endOf = () => true;
  ran = [];
  await send(one.token, 2);
  now += 1_000;
  await send(other.token, 3);
  expect(await queued()).toEqual([1, 2]);
  expect(ran.map(({ entries }) => entries.length)).toEqual([1]);
});

it('refuses a token that no device has', async () => {
  await expect(send(randomUUID(), 1)).rejects.toMatchObject({ code: 'unknown-device-token' });
  expect(ran).toEqual([]);
});

it('tries nothing for a moment after a try in vain', async () => {
  const { token } = await addDevice();
  endOf = () => false;
  await send(token, 1);
  await send(token, 2);
  expect(ran).toHaveLength(1);
});

it('tries nothing while another instance works on the same queue, and again when that one has died', async () => {
  const { token } = await addDevice();
  const other = await Instance.open(db);
  await send(token, 1);
  expect(ran).toEqual([]);
  other.close();
  await vi.waitFor(async () => {
    now += 5_000;
    await db.query('TRUNCATE queue_message');
    await send(token, 2);
    expect(ran).toHaveLength(1);
  });
  expect(await queued()).toEqual([]);
});

it('tells every caller when the database is out of reach, and keeps nothing', async () => {
  const { token } = await addDevice();
  endOf = () => Promise.reject(new Error('the connection is gone'));
  await expect(send(token, 1)).rejects.toThrow('the connection is gone');
  expect(await queued()).toEqual([]);
});
