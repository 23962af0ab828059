import { createHash, randomUUID } from 'node:crypto';

import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import type { AnsweredRequest } from '../http/index.js';
import { WakeUp } from '../queue/index.js';
import { addTenant } from '../queue/queue.testing.js';
import { BODY_LIMIT_BYTES, deviceLane } from './device-lane.js';
import { Ingest } from './ingest.js';
import { QueueRoom } from './queue-room.js';

/** The route behind the lane, which takes what the lane leaves. */
const LEFT = 418;
let db: Database;
let app: FastifyInstance;
let url: string;
let token: string;
let reported: AnsweredRequest[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  app = Fastify();
  app.addContentTypeParser('*', (_request, _body, parsed) => parsed(null));
  app.all('/*', (_request, reply) => reply.code(LEFT).send());
  const ingest = new Ingest(db, new WakeUp(), new QueueRoom(db, 1000), { now: () => 1_700_000_000_000 });
  await app.register(deviceLane(ingest, console, (request) => void reported.push(request)));
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await app.close();
  await db.close();
});
beforeEach(async () => {
  await db.query('TRUNCATE queue_message');
  token = randomUUID();
  await db.query(`INSERT INTO device (tenant_id, id, name, type, token_hash) VALUES ($1, $2, 'D', 'thermostat', $3)`, [
    await addTenant(db),
    randomUUID(),
    createHash('sha256').update(token).digest(),
  ]);
  reported = [];
});

const post = (path: string, body: RequestInit['body'], method = 'POST') =>
  fetch(`${url}/api/v1/${path}`, { method, body, duplex: 'half' } as RequestInit); // the DOM's type has no `duplex`
const queued = () => db.query<{ data: string }>('SELECT type, data FROM queue_message ORDER BY seq');

it.each([
  ['telemetry', 'POST_TELEMETRY_REQUEST'],
  ['attributes', 'POST_ATTRIBUTES_REQUEST'],
])('answers %s with 200 and an empty body when the message is committed', async (what, type) => {
  const answer = await post(`${token}/${what}`, '{"name":"Käthe"}');
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  expect(await queued()).toEqual([{ type, data: '{"name":"Käthe"}' }]);
});

it('puts a body together that comes in pieces', async () => {
  const text = 'ä'.repeat(BODY_LIMIT_BYTES / 2 - 10);
  expect((await post(`${token}/telemetry`, JSON.stringify({ text }))).status).toBe(200);
  expect(await queued()).toMatchObject([{ data: JSON.stringify({ text }) }]);
});

it('keeps values apart that hold what separates them on their way', async () => {
  const sent = ['a\u001eb', '","', '{}'].map((text) => JSON.stringify({ text }));
  await Promise.all(sent.map((body) => post(`${token}/telemetry`, body)));
  expect((await queued()).map(({ data }) => data).sort()).toEqual(sent.toSorted());
});

it.each([
  ['a token that no device has', 'nobody', '{"a": 1}', 401, 'unknown-device-token'],
  ['malformed JSON', '', '{"a": ', 400, 'malformed-request'],
  ['no body', '', '', 400, 'malformed-request'],
])('refuses %s as a problem, and keeps nothing', async (_what, stranger, body, status, code) => {
  const answer = await post(`${stranger || token}/telemetry`, body);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
  expect(await answer.json()).toMatchObject({ code, requestId: answer.headers.get('x-request-id') });
  expect(await queued()).toEqual([]);
});

it('reports each request by the pattern of its route, never by the token in it', async () => {
  const route = '/api/v1/:token/telemetry';
  await post(`${token}/telemetry`, '{"a":1}');
  await post('nobody/telemetry', '{"a":1}');
  expect(reported).toMatchObject([
    { method: 'POST', route, status: 200, ms: expect.any(Number) },
    { method: 'POST', route, status: 401, ms: expect.any(Number) },
  ]);
});

it.each([
  ['another method', 'x/attributes', '{}', 'PUT'],
  ['a query', 'x/telemetry?a=1', '{}', 'POST'],
  ['a token that is percent-encoded', '%41/telemetry', '{}', 'POST'],
  ['a body of unknown length', 'x/telemetry', new Blob(['{}']).stream(), 'POST'],
  ['a body that is too large', 'x/telemetry', ' '.repeat(BODY_LIMIT_BYTES + 1), 'POST'],
  ['other paths', 'x/rpc', '{}', 'POST'],
])('leaves %s to others', async (_what, path, body, method) => {
  expect((await post(path, body, method)).status).toBe(LEFT);
});
