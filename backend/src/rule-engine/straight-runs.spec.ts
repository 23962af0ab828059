import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { type Database, systemClock } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { createLog } from '../http/index.js';
import type { QueueEntry } from '../queue/index.js';
import { addTenant, lettersOf, openQueue, telemetryMessage } from '../queue/queue.testing.js';
import { ScriptPool } from '../scripting/index.js';
import { BatchRunner } from './batch-runner.js';
import { ChainCache, PUBLISHED_CHAINS } from './chain-source.js';
import { forgetWork, publishChain, SAVE, script, type Step } from './engine-world.testing.js';
import { OriginatorsUnderWay } from './originators-under-way.js';
import { RuleEngine } from './rule-engine.js';
import { StraightRuns } from './straight-runs.js';

let db: Database;
let scripts: ScriptPool;
let q: Awaited<ReturnType<typeof openQueue>>;
let runner: BatchRunner;
let engine: RuleEngine;
let underWay: OriginatorsUnderWay;
let straight: StraightRuns;
let tenant: string;
let now: number;
const clock = { now: () => now };
const debugRows: { committed: boolean; outcome: string }[] = [];

/** However slow the machine is. */
const PATIENT_MS = 20_000;

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
  now = Date.now();
  debugRows.length = 0;
  underWay = new OriginatorsUnderWay();
  const log = createLog('fatal');
  runner = new BatchRunner({
    ...q,
    database: db,
    scripts,
    underWay,
    alarmEvents: { changed: () => undefined },
    deviceEvents: { changed: () => undefined },
    clock: systemClock,
    log,
    chains: new ChainCache(),
    outbox: { enqueue: () => Promise.reject(new Error('These chains send no mail.')) },
    debug: { admit: () => 0, release: () => undefined, write: (rows) => debugRows.push(...rows) },
  });
  straight = new StraightRuns(runner, underWay, clock, false, PATIENT_MS);
  engine = new RuleEngine(q.claims, runner, q.recovery, q.wakeUp, log);
  tenant = await addTenant(db);
  return async () => {
    await underWay.straightEnded();
    await engine.stop();
    q.instance.close();
  };
});

const publish = (steps: readonly Step[], chainId?: string) => publishChain(db, tenant, steps, chainId);
const arrived = (data: Record<string, number>, device = randomUUID(), tenantId = tenant): QueueEntry => ({
  tenantId,
  message: telemetryMessage(device, data),
});
const published = async (): Promise<unknown> =>
  (
    await db.query<{ chains: unknown }>(
      `WITH waiting AS (SELECT id AS tenant_id FROM tenant) SELECT (${PUBLISHED_CHAINS}) AS chains`,
    )
  )[0]?.chains;
const run = async (...entries: QueueEntry[]) => straight.run(entries, await published());
const done = async (...entries: QueueEntry[]) =>
  Promise.all((await run(...entries)).map((end) => Promise.resolve(end)));
const queued = () => db.query<{ starts: unknown }>('SELECT starts FROM queue_message ORDER BY seq');
const latest = () => db.query('SELECT key, value FROM telemetry_latest WHERE tenant_id = $1 ORDER BY key', [tenant]);
const idle = () => vi.waitFor(async () => expect(await queued()).toEqual([]), { timeout: 15_000 });
const HOT: Step = ['filter/script', script('return msg.t > 80;'), ['True', 1]];
const many = (t: (index: number) => number) => Array.from({ length: 8 }, (_, index) => arrived({ t: t(index) }));

it('runs a message to its end and commits what it did, without a place in the queue', async () => {
  await publish([HOT, SAVE]);
  expect(await done(arrived({ t: 90 }))).toEqual([true]);
  expect(await latest()).toEqual([{ key: 't', value: 90 }]);
  expect(await queued()).toEqual([]);
});

it('is done at once with a message that does nothing, whatever is still being committed for others', async () => {
  await publish([HOT, SAVE]);
  const [cold, hot] = await run(arrived({ t: 20 }), arrived({ t: 90 }));
  expect(cold).toBe(true);
  expect(hot).toBeInstanceOf(Promise);
  expect(await hot).toBe(true);
});

it('runs the messages of one device in their order', async () => {
  await publish([SAVE]);
  const device = randomUUID();
  await done(...[1, 2, 3].map((n) => arrived({ n }, device)));
  expect(await latest()).toEqual([{ key: 'n', value: 3 }]);
});

it('queues what needs more than scripts where many come, at the place where it goes on, under the version it began with', async () => {
  const chain = await publish([HOT, SAVE]);
  expect(await done(...many((index) => (index === 3 ? 90 : 20)))).toEqual(Array.from({ length: 8 }, () => true));
  expect(await queued()).toMatchObject([{ starts: [{ chainId: chain, chainVersion: 1 }] }]);
  expect(await latest()).toEqual([]);
  await publish([['filter/script', script('return false;'), ['True', 1]], SAVE], chain);
  await engine.start();
  await idle();
  expect(await latest()).toEqual([{ key: 't', value: 90 }]);
});

it('leaves a tenant to the queue for a while when most of many messages needed more', async () => {
  await publish([HOT, SAVE]);
  expect(await done(...many(() => 90))).toEqual(Array.from({ length: 8 }, () => true));
  expect(await done(...many(() => 90))).toEqual(Array.from({ length: 8 }, () => false));
  now += 500;
  expect(await done(...many(() => 20))).toEqual(Array.from({ length: 8 }, () => true));
});

it('does nothing of a message that has to be filed, nor of those beside it that would have written, and leaves its tenant out', async () => {
  await publish([
    ['filter/script', script('if (msg.bad) throw new Error("no"); return msg.t > 80;'), ['True', 1]],
    SAVE,
  ]);
  expect(await done(arrived({ bad: 1 }), arrived({ t: 90 }), arrived({ t: 20 }))).toEqual([false, false, true]);
  expect(await latest()).toEqual([]);
  expect(await lettersOf(db, tenant)).toEqual([]);
  expect(straight.takes(arrived({ t: 1 }))).toBe(false);
  expect(straight.takes(arrived({ t: 1 }, randomUUID(), randomUUID()))).toBe(true);
  now += 60_000;
  expect(straight.takes(arrived({ t: 1 }))).toBe(true);
});

it('gives up a run that takes too long, and nothing of it is committed', async () => {
  const slowly = 'var end = Date.now() + 30; while (Date.now() < end) {} return true;';
  await publish([['filter/script', script(slowly), ['True', 1]], SAVE]);
  const entry = arrived({ t: 1 });
  straight = new StraightRuns(runner, underWay, clock, false, 1);
  expect(await done(entry)).toEqual([false]);
  await underWay.straightEnded();
  expect(await latest()).toEqual([]);
  expect(straight.takes(entry)).toBe(false);
});

it('does nothing when the database breaks off, and leaves everything to the queue', async () => {
  await publish([SAVE]);
  vi.spyOn(db, 'lazyTransaction').mockRejectedValueOnce(new Error('the connection is gone'));
  expect(await done(arrived({ t: 1 }))).toEqual([false]);
  expect(straight.takes(arrived({ t: 1 }))).toBe(false);
  now += 1_000;
  expect(straight.takes(arrived({ t: 1 }))).toBe(true);
});

it('lets what the queue has of a device wait while a message of it runs', async () => {
  await publish([SAVE]);
  const [first, second] = [arrived({ n: 1 }), arrived({ n: 2 })];
  const over = Promise.withResolvers<undefined>();
  underWay.begin([first], over.promise);
  expect(straight.takes(first)).toBe(false);
  await q.add([{ tenantId: tenant, message: { ...second.message, originator: first.message.originator } }]);
  await engine.start();
  const claimed = () => db.query('SELECT 1 FROM queue_partition WHERE owner IS NOT NULL');
  try {
    await vi.waitFor(async () => expect(await claimed()).toHaveLength(1), { timeout: 10_000 });
    expect(await latest()).toEqual([]);
  } finally {
    over.resolve(undefined);
  }
  await idle();
  expect(await latest()).toEqual([{ key: 'n', value: 2 }]);
});

it('leaves to the queue what comes in while the queue has something of its device under way', async () => {
  await publish([SAVE]);
  const entry = arrived({ n: 1 });
  const over = Promise.withResolvers<undefined>();
  const batches = [1, 2].map((n) => underWay.after([entry], () => (n === 1 ? Promise.resolve() : over.promise)));
  await batches[0];
  expect(straight.takes(entry)).toBe(false);
  over.resolve(undefined);
  await batches[1];
  expect(straight.takes(entry)).toBe(true);
});

it('tells somebody who looks into a node once of what ended, and nothing of what is left to the queue', async () => {
  const chain = await publish([['filter/script', script('if (msg.bad) throw new Error("no"); return true;')]]);
  await db.query(
    `UPDATE rule_chain c SET debug = (SELECT jsonb_object_agg(n ->> 'id', $2::jsonb)
       FROM rule_chain_version v, jsonb_array_elements(v.definition -> 'nodes') n WHERE v.chain_id = c.id) WHERE id = $1`,
    [chain, JSON.stringify({ allUntil: Date.now() + 60_000 })],
  );
  expect(await done(arrived({ t: 1 }), arrived({ bad: 1 }))).toEqual([true, false]);
  expect(debugRows).toMatchObject([{ committed: true, outcome: 'emitted' }]);
});

it('is closed for a while after a process that was killed: what may have killed it is found in the queue', () => {
  const afterCrash = new StraightRuns(runner, underWay, clock, true);
  expect(afterCrash.isOpen).toBe(false);
  now += 60_000;
  expect(afterCrash.isOpen).toBe(true);
});
