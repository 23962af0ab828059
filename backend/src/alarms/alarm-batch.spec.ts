import { randomUUID } from 'node:crypto';

import type { AlarmWrite } from '@signalpost/rule-nodes/runtime';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { addTenant } from '../queue/queue.testing.js';
import { AlarmBatch } from './alarm-batch.js';

let db: Database;
let tenant: string;
let device: string;
let now = 1000;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  tenant = await addTenant(db);
  device = randomUUID();
  await db.query(`INSERT INTO device (tenant_id, id, name, token_hash) VALUES ($1, $2, 'Boiler', sha256($3))`, [
    tenant,
    device,
    device,
  ]);
});

const write = (fields: Partial<AlarmWrite> = {}): AlarmWrite => ({
  id: randomUUID(),
  originator: { entityType: 'DEVICE', id: device },
  type: 'High',
  customerId: null,
  severity: 'MAJOR',
  details: null,
  startTs: 500,
  propagate: false,
  propagateToOwner: false,
  propagateToTenant: false,
  propagateRelationTypes: [],
  ...fields,
});
const key = () => ({ originator: { entityType: 'DEVICE' as const, id: device }, type: 'High' });
const inBatch = <T>(work: (alarms: AlarmBatch) => Promise<T>): Promise<T> =>
  db.transaction(async (uow) => {
    const batch = new AlarmBatch(uow, { now: () => (now += 1) });
    const result = await work(batch);
    await batch.flush();
    return result;
  });
const rows = () =>
  db.query('SELECT severity, cleared, details FROM alarm WHERE tenant_id = $1 ORDER BY cleared DESC', [tenant]);

it('creates an alarm where none is active, and updates the active one later', async () => {
  const [created] = await inBatch((batch) => batch.forTenant(tenant).raise([write()]));
  expect(created).toMatchObject({
    change: 'created',
    alarm: { originatorName: 'Boiler', status: 'ACTIVE_UNACK', startTs: 500 },
  });
  const [updated] = await inBatch((batch) =>
    batch.forTenant(tenant).raise([write({ severity: 'CRITICAL', startTs: 900 })]),
  );
  expect(updated).toMatchObject({
    change: 'updated',
    alarm: { id: created?.alarm.id, startTs: 500, severity: 'CRITICAL' },
  });
  expect(await rows()).toEqual([{ severity: 'CRITICAL', cleared: false, details: null }]);
});

it('keeps the last changes of the severity beside the alarm, in the statement that writes it', async () => {
  const changes = async () => {
    const [row] = await db.query<{ severity_changes: { at: number; from: string; to: string }[] }>(
      'SELECT severity_changes FROM alarm WHERE tenant_id = $1',
      [tenant],
    );
    return row?.severity_changes;
  };
  for (const severity of ['MAJOR', 'MAJOR', 'CRITICAL', 'CRITICAL'] as const)
    await inBatch((batch) => batch.forTenant(tenant).raise([write({ severity })]));
  expect(await changes()).toEqual([{ at: expect.any(Number), from: 'MAJOR', to: 'CRITICAL' }]);
  for (let time = 0; time < 24; time += 1)
    await inBatch((batch) => batch.forTenant(tenant).raise([write({ severity: time % 2 ? 'CRITICAL' : 'MINOR' })]));
  const kept = await changes();
  expect(kept).toHaveLength(20);
  expect(kept?.at(-1)).toEqual({ at: now, from: 'MINOR', to: 'CRITICAL' });
});

it('sees within the batch what the batch did: created, cleared and created again are two alarms', async () => {
  await inBatch(async (batch) => {
    const alarms = batch.forTenant(tenant);
    const [first] = await alarms.raise([write()]);
    expect(await alarms.findActive([key()])).toEqual([first?.alarm]);
    expect(await alarms.clear([{ id: first?.alarm.id ?? '', details: { cleared: 1 } }])).toMatchObject([
      { status: 'CLEARED_UNACK' },
    ]);
    expect(await alarms.findActive([key()])).toEqual([null]);
    expect(await alarms.raise([write()])).toMatchObject([{ change: 'created' }]);
  });
  expect(await rows()).toEqual([
    { severity: 'MAJOR', cleared: true, details: { cleared: 1 } },
    { severity: 'MAJOR', cleared: false, details: null },
  ]);
});

it('clears a stored alarm and raises a new one in the same batch', async () => {
  const [old] = await inBatch((batch) => batch.forTenant(tenant).raise([write()]));
  await inBatch(async (batch) => {
    await batch.forTenant(tenant).clear([{ id: old?.alarm.id ?? '', details: null }]);
    await batch.forTenant(tenant).raise([write({ severity: 'MINOR' })]);
  });
  expect(await rows()).toEqual([
    { severity: 'MAJOR', cleared: true, details: null },
    { severity: 'MINOR', cleared: false, details: null },
  ]);
});

it('answers null for an alarm that is cleared already, or that another tenant owns', async () => {
  const [raised] = await inBatch((batch) => batch.forTenant(tenant).raise([write()]));
  const id = raised?.alarm.id ?? '';
  const stranger = await addTenant(db);
  expect(await inBatch((batch) => batch.forTenant(stranger).clear([{ id, details: null }]))).toEqual([null]);
  await inBatch((batch) => batch.forTenant(tenant).clear([{ id, details: null }]));
  expect(await inBatch((batch) => batch.forTenant(tenant).clear([{ id, details: null }]))).toEqual([null]);
});

it('makes one alarm of two batches that raise at the same time', async () => {
  const changes = await Promise.all(
    Array.from({ length: 8 }, () =>
      inBatch(async (batch) => (await batch.forTenant(tenant).raise([write()])).map((raised) => raised.change)),
    ),
  );
  expect(changes.flat().sort()).toEqual(['created', ...Array.from({ length: 7 }, () => 'updated')]);
  expect(await rows()).toHaveLength(1);
});
