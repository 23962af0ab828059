import { randomUUID } from 'node:crypto';

import { beforeEach, expect, it } from 'vitest';

import type { DebugRow } from './debug-rows.js';
import { DebugTrail } from './debug-trail.js';

const tenantId = randomUUID();
const place = { tenantId, chainId: randomUUID(), nodeId: randomUUID() };
const row: Omit<DebugRow, 'dropped'> = {
  ...place,
  id: randomUUID(),
  at: 0,
  chainVersion: 1,
  messageId: randomUUID(),
  messageType: 'A',
  originatorType: 'DEVICE',
  originatorId: randomUUID(),
  attempt: 1,
  committed: true,
  outcome: 'emitted',
  input: { data: {}, metadata: {} },
  outputs: [],
  error: null,
};

let now = 0;
let fails = false;
const written: DebugRow[] = [];
const counts = { written: 0, dropped: 0 };
const database = {
  query: (_sql: unknown, [rows]: readonly unknown[] = []) => {
    if (fails) return Promise.reject(new Error('gone'));
    written.push(...(JSON.parse(String(rows)) as DebugRow[])); // what the trail has just written
    return Promise.resolve([]);
  },
};
let trail: DebugTrail;
beforeEach(() => {
  now = 0;
  fails = false;
  written.length = counts.written = counts.dropped = 0;
  const counter = { inc: ({ result }: { result: 'written' | 'dropped' }, value: number) => (counts[result] += value) };
  trail = new DebugTrail(database, { now: () => now }, { changed: () => undefined }, counter, {
    warn: () => undefined,
  });
});

const record = (count: number) => {
  const admitted = Array.from({ length: count }, () => trail.admit(place)).filter((dropped) => dropped !== null);
  trail.write(admitted.map((dropped) => ({ ...row, dropped })));
};

it('takes a thousand events of a tenant in a minute; the next one of the node says how many were dropped', async () => {
  record(1005);
  await trail.settled();
  expect([written.length, counts]).toEqual([1000, { written: 1000, dropped: 5 }]);
  expect(trail.admit({ ...place, tenantId: randomUUID() })).toBe(0);
  now += 60_000;
  record(2);
  await trail.settled();
  expect(written.slice(1000).map(({ dropped }) => dropped)).toEqual([5, 0]);
});

it('holds a bounded number of all tenants, and gives room back', async () => {
  const others = Array.from({ length: 6 }, () => ({ ...place, tenantId: randomUUID() }));
  const admitted = others.flatMap((other) => Array.from({ length: 1000 }, () => trail.admit(other)));
  expect(admitted.filter((dropped) => dropped !== null)).toHaveLength(5000);
  trail.release([{ ...place, dropped: 2 }]);
  expect(trail.admit(place)).toBe(2);
  await trail.settled();
});

it('counts no rehearsal against the tenant', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const rows = Array.from({ length: 900 }, () => ({ ...place, dropped: trail.admit(place) ?? 0 }));
    trail.release(rows);
  }
  record(1000);
  await trail.settled();
  expect(counts).toEqual({ written: 1000, dropped: 0 });
});

it('counts what could not be written as dropped, and goes on', async () => {
  fails = true;
  record(3);
  await trail.settled();
  fails = false;
  record(1);
  await trail.settled();
  expect(written).toMatchObject([{ dropped: 3 }]);
});
