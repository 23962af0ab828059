import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { Database } from './database.js';
import { hotTables } from './hot-tables.js';
import { keepPartitions } from './partitions.js';
import { createTestDatabase } from './test-database.testing.js';

const TABLES = hotTables({ telemetryDays: 60, mailLogDays: 30, auditDays: 365 });
const JUNE_15 = Date.UTC(2031, 5, 15, 12);

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(() => db.query('DELETE FROM telemetry'));

const partitions = async (table: string) =>
  (
    await db.query<{ name: string }>(
      'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1',
      [table],
    )
  ).map((row) => row.name);
const addTelemetry = (at: number) =>
  db.query(`INSERT INTO telemetry VALUES (gen_random_uuid(), $1, 'k', $2, '1')`, [randomUUID(), at]);
const whereIs = async (at: number) =>
  (await db.query<{ name: string }>('SELECT tableoid::regclass::text AS name FROM telemetry WHERE ts = $1', [at]))[0]
    ?.name;

it('makes the partitions of the coming time, and doing it again changes nothing', async () => {
  await keepPartitions(db, TABLES, JUNE_15);
  const made = await partitions('telemetry');
  expect(made).toEqual(['telemetry_2031_06_01', 'telemetry_2031_07_01', 'telemetry_default']);
  expect(await partitions('queue_message')).toContain('queue_message_2031_06_16');
  await keepPartitions(db, TABLES, JUNE_15);
  expect(await partitions('telemetry')).toEqual(made);
});

it('moves rows of a new period over that the default partition held', async () => {
  const october = Date.UTC(2031, 9, 1);
  await addTelemetry(october);
  expect(await whereIs(october)).toBe('telemetry_default');
  await keepPartitions(db, TABLES, Date.UTC(2031, 8, 1));
  expect(await whereIs(october)).toBe('telemetry_2031_10_01');
});

it('drops what is older than it is to be kept, and never what is still needed', async () => {
  await keepPartitions(db, TABLES, JUNE_15);
  await addTelemetry(JUNE_15);
  const delivery = `INSERT INTO delivery (tenant_id, id, created_at, server_tenant_id, server_id, state, settled_at, give_up_at, recipients)
    VALUES (gen_random_uuid(), gen_random_uuid(), $1, gen_random_uuid(), gen_random_uuid(), $2,
            CASE WHEN $2 = 'accepted' THEN now() END, now(), '{}')`;
  await db.query(delivery, [new Date(JUNE_15), 'waiting']);
  await db.query(delivery, [new Date(Date.UTC(2031, 6, 1)), 'accepted']);
  await keepPartitions(db, TABLES, Date.UTC(2031, 8, 15));
  expect(await partitions('telemetry')).not.toContain('telemetry_2031_06_01');
  expect(await whereIs(JUNE_15)).toBeUndefined();
  expect(await partitions('delivery')).toContain('delivery_2031_06_01');
  expect(await partitions('delivery')).not.toContain('delivery_2031_07_01');
});

it('forgets what came too late for any partition, when it is older than it is to be kept', async () => {
  await keepPartitions(db, TABLES, JUNE_15);
  const [old, kept] = [JUNE_15 - 61 * 86_400_000, JUNE_15 - 59 * 86_400_000];
  await addTelemetry(old);
  await addTelemetry(kept);
  expect(await whereIs(old)).toBe('telemetry_default');
  await keepPartitions(db, TABLES, JUNE_15);
  expect(await whereIs(old)).toBeUndefined();
  expect(await whereIs(kept)).toBe('telemetry_default');
});
