import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { type Database, systemClock } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { createLog } from '../http/index.js';
import { addTenant, lettersOf, openQueue, telemetryMessage } from '../queue/queue.testing.js';
import { ScriptPool } from '../scripting/index.js';
import { BatchRunner } from './batch-runner.js';
import { ChainCache, PUBLISHED_CHAINS } from './chain-source.js';
import { DebugTrail } from './debug/index.js';
import { forgetWork, publishChain, SAVE, script, type Step } from './engine-world.testing.js';
import { OriginatorsUnderWay } from './originators-under-way.js';
import { RuleEngine } from './rule-engine.js';

let db: Database;
let scripts: ScriptPool;
let q: Awaited<ReturnType<typeof openQueue>>;
let engine: RuleEngine;
const told: string[] = [];
const debugTold: string[] = [];
let trail: DebugTrail;
let tenant: string;
let device: string;

beforeAll(async () => {
  db = await createTestDatabase();
  scripts = new ScriptPool();
});
afterAll(async () => {
  await scripts.close();
  await db.close();
});
beforeEach(async () => {
  await forgetWork(db);
  q = await openQueue(db, PUBLISHED_CHAINS);
  told.length = 0;
  const log = createLog('fatal');
  trail = new DebugTrail(db, systemClock, { changed: (id) => debugTold.push(id) }, { inc: () => undefined }, log);
  debugTold.length = 0;
  const runner = new BatchRunner({
    ...q,
    database: db,
    scripts,
    alarmEvents,
    deviceEvents,
    clock: systemClock,
    log,
    chains: new ChainCache(),
    outbox: { enqueue: noMail },
    debug: trail,
    underWay: new OriginatorsUnderWay(),
  });
  engine = new RuleEngine(q.claims, runner, q.recovery, q.wakeUp, log);
  await engine.start();
  tenant = await addTenant(db);
  device = randomUUID();
  return async () => {
    await engine.stop();
    q.instance.close();
  };
});

const alarmEvents = { changed: (tenantId: string) => told.push(tenantId) };
const deviceEvents = { changed: () => undefined };
const noMail = () => Promise.reject(new Error('These chains send no mail.'));

const publish = (steps: readonly Step[], chainId?: string) => publishChain(db, tenant, steps, chainId);
const send = (...values: NonNullable<Parameters<typeof telemetryMessage>[1]>[]) =>
  q.add(values.map((data) => ({ tenantId: tenant, message: telemetryMessage(device, data) })));
const idle = () =>
  vi.waitFor(async () => expect(await db.query('SELECT 1 FROM queue_message')).toEqual([]), { timeout: 15_000 });
const latest = () => db.query('SELECT key, value FROM telemetry_latest WHERE tenant_id = $1 ORDER BY key', [tenant]);
const letters = async () => (await lettersOf(db, tenant)).map((letter) => letter.failure.code);

it('runs accepted messages through the root chain and commits what it did', async () => {
  await publish([['filter/script', script('return msg.a > 1;'), ['True', 1]], SAVE]);
  await send({ a: 1 }, { a: 2 });
  await idle();
  expect(await latest()).toEqual([{ key: 'a', value: 2 }]);
});

it('runs the messages of one device in their order, however many are in a batch', async () => {
  await publish([
    [
      'transformation/script',
      script('return {msg: {n: msg.n}, metadata: {ts: "" + msg.n}, msgType: msgType};'),
      ['Success', 1],
    ],
    SAVE,
  ]);
  await send(...Array.from({ length: 300 }, (_, n) => ({ n })));
  await idle();
  expect(
    await db.query('SELECT ts::int AS ts, value FROM telemetry WHERE tenant_id = $1 ORDER BY ts', [tenant]),
  ).toHaveLength(300);
  expect(await latest()).toEqual([{ key: 'n', value: 299 }]);
});

it('uses a saved chain for the next message at once', async () => {
  const chain = await publish([['filter/script', script('return false;'), ['True', 1]], SAVE]);
  await send({ before: 1 });
  await idle();
  await publish([SAVE], chain);
  await send({ after: 1 });
  await idle();
  expect(await latest()).toEqual([{ key: 'after', value: 1 }]);
});

it('files a message that fails with nothing connected to Failure, and the others go on', async () => {
  await publish([['filter/script', script('if (msg.bad) throw new Error("no"); return true;'), ['True', 1]], SAVE]);
  await send({ good: 1 }, { bad: 1 }, { fine: 1 });
  await idle();
  expect(await latest()).toEqual([
    { key: 'fine', value: 1 },
    { key: 'good', value: 1 },
  ]);
  expect(await letters()).toEqual(['script-error']);
});

it('files messages of a tenant without a root chain, and a replay runs them when there is one', async () => {
  await send({ a: 1 });
  await idle();
  const [letter] = await lettersOf(db, tenant);
  expect(letter?.failure.code).toBe('no-root-chain');
  await publish([SAVE]);
  await db.transaction((uow) => q.deadLetters.replay(uow, tenant, letter?.id ?? ''));
  await idle();
  expect(await latest()).toEqual([{ key: 'a', value: 1 }]);
});

it('lets a script that computes long finish in the slow lane while others go on', async () => {
  const busyFor = (ms: number) => `var end = Date.now() + ${ms}; while (Date.now() < end) {} return true;`;
  await publish([['filter/script', script(`if (!msg.slow) return true; ${busyFor(200)}`), ['True', 1]], SAVE]);
  await send({ slow: 1 });
  await send({ quick: 1 });
  await idle();
  expect(await latest()).toEqual([
    { key: 'quick', value: 1 },
    { key: 'slow', value: 1 },
  ]);
  expect(await letters()).toEqual([]);
});

it('lets a slow script see the alarm that its message has raised, whatever time it is by then', async () => {
  const details = { scriptLang: 'JS', alarmDetailsBuildJs: 'return {};', alarmType: 'High', severity: 'CRITICAL' };
  const slowly = 'var end = Date.now() + 150; while (Date.now() < end) {}';
  const asTelemetry = `${slowly} return {msg: {raised: msg.createdTime > 0}, metadata: metadata, msgType: 'POST_TELEMETRY_REQUEST'};`;
  await publish([
    ['action/create-alarm', details, ['Created', 1]],
    ['transformation/script', script(asTelemetry), ['Success', 2]],
    SAVE,
  ]);
  await send({ t: 90 });
  await idle();
  expect(await latest()).toEqual([{ key: 'raised', value: true }]);
  expect(await letters()).toEqual([]);
});

it('ends a script that never ends with a failure, and nothing else is harmed', async () => {
  await publish([['filter/script', script('while (msg.loop) {} return true;'), ['True', 1]], SAVE]);
  await send({ loop: 1 });
  await send({ fine: 1 });
  await idle();
  expect(await letters()).toEqual(['script-timeout']);
  expect(await latest()).toEqual([{ key: 'fine', value: 1 }]);
});

it('raises one alarm, updates it, clears it and tells the open pages', async () => {
  const details = {
    scriptLang: 'JS',
    alarmDetailsBuildJs: 'return {t: msg.t};',
    alarmType: 'High',
    severity: 'CRITICAL',
  };
  await publish([
    ['filter/script', script('return msg.t > 80;'), ['True', 1], ['False', 2]],
    ['action/create-alarm', details],
    ['action/clear-alarm', details],
  ]);
  await send({ t: 90 }, { t: 91 });
  await idle();
  expect(await db.query('SELECT details, cleared FROM alarm WHERE tenant_id = $1', [tenant])).toEqual([
    { details: { t: 91 }, cleared: false },
  ]);
  await send({ t: 20 });
  await idle();
  expect(await db.query('SELECT details, cleared FROM alarm WHERE tenant_id = $1', [tenant])).toEqual([
    { details: { t: 20 }, cleared: true },
  ]);
  expect(told).toEqual([tenant, tenant, tenant]);
});

const debug = (chain: string, wanted: object) =>
  db.query(
    `UPDATE rule_chain c SET debug = (SELECT jsonb_object_agg(n ->> 'id', $3::jsonb)
       FROM rule_chain_version v, jsonb_array_elements(v.definition -> 'nodes') n WHERE v.chain_id = c.id)
     WHERE tenant_id = $1 AND id = $2`,
    [tenant, chain, JSON.stringify(wanted)],
  );
const recorded = async () => {
  await idle();
  await trail.settled();
  return db.query<Record<string, unknown>>('SELECT * FROM debug_event WHERE tenant_id = $1 ORDER BY id', [tenant]);
};
const FOREVER = { allUntil: Date.now() + 3_600_000 };
const RENAME: Step = [
  'transformation/script',
  script('return {msg: {b: msg.a}, metadata: metadata, msgType: msgType};'),
  ['Success', 1],
];

it('records what goes in and out of the nodes that somebody looks into, and tells the open pages', async () => {
  const chain = await publish([RENAME, SAVE]);
  await send({ a: 1 });
  await idle();
  await debug(chain, FOREVER);
  await send({ a: 2 });
  const events = await recorded();
  expect(events).toMatchObject([
    {
      chain_id: chain,
      originator_id: device,
      message_type: 'POST_TELEMETRY_REQUEST',
      attempt: 1,
      committed: true,
      outcome: 'emitted',
      input: { data: { a: 2 } },
      outputs: [{ relation: 'Success', data: { b: 2 } }],
      error: null,
      dropped: 0,
    },
    { input: { data: { b: 2 } }, outputs: [{ relation: 'Success' }] },
  ]);
  expect(debugTold).toEqual([tenant]);
});

it('records failures alone where only they are asked for, or when the time for all is over', async () => {
  const chain = await publish([
    ['filter/script', script('if (msg.bad) throw new Error("no"); return true;'), ['True', 1]],
    SAVE,
  ]);
  await debug(chain, { failures: true, allUntil: Date.now() - 1 });
  await send({ good: 1 }, { bad: 1 });
  expect(await recorded()).toMatchObject([{ outcome: 'failed', error: expect.stringContaining('no') as string }]);
});

it('hides what looks like a secret, and cuts off what is too long', async () => {
  const failing = script('throw new Error("password=hunter2 refused");');
  const chain = await publish([['filter/script', failing, ['True', 1]], SAVE]);
  await debug(chain, FOREVER);
  await send({ nested: { apiKey: 'k-123' }, header: 'Bearer abcdefgh12345', note: 'x'.repeat(5000) });
  const [event] = await recorded();
  const text = JSON.stringify(event);
  for (const secret of ['hunter2', 'k-123', 'abcdefgh12345']) expect(text).not.toContain(secret);
  expect(text.length).toBeLessThan(12_000);
});

it('says of a try that was rolled back that it was, and which try it was', async () => {
  const chain = await publish([SAVE]);
  await debug(chain, FOREVER);
  vi.spyOn(q.settlement, 'settle').mockRejectedValueOnce(new Error('the disk is full'));
  await send({ a: 1 });
  expect((await recorded()).map(({ committed, attempt }) => [committed, attempt])).toEqual([
    [false, 1],
    [true, 2],
  ]);
});

it('tells a message of the slow lane once, and not its rehearsals', async () => {
  const slowly = 'var end = Date.now() + 800; while (Date.now() < end) {} return true;';
  const chain = await publish([['filter/script', script(slowly), ['True', 1]], SAVE]);
  await debug(chain, FOREVER);
  await send({ a: 1 });
  expect((await recorded()).map(({ outcome }) => outcome)).toEqual(['slow', 'emitted', 'emitted']);
});
