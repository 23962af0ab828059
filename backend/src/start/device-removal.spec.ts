import { afterAll, beforeAll, expect, it } from 'vitest';

import { AlarmsModule } from '../alarms/index.js';
import { Devices } from '../devices/index.js';
import { QueueModule } from '../queue/index.js';
import { TimeseriesModule } from '../timeseries/index.js';
import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from './test-app.testing.js';

let test: TestApp;
let people: People;
beforeAll(async () => {
  test = await startTestApp({ rooms: [QueueModule, AlarmsModule, TimeseriesModule] });
  people = await seedPeople(test);
});
afterAll(() => test.close());

const TABLES = ['telemetry', 'telemetry_latest', 'attribute', 'alarm', 'alarm_mute', 'alarm_comment'] as const;

async function deviceWithHistory(name: string): Promise<string> {
  const { tenantId } = people;
  const device = { name, type: 'default', label: '', customerId: null, accessToken: name };
  const { id } = await test.database.transaction((uow) => test.app.get(Devices).save(uow, tenantId, device, false));
  const values = `SELECT $1::uuid, $2::uuid, 'temperature', 1, '90'`;
  await test.database.query(`INSERT INTO telemetry (tenant_id, entity_id, key, ts, value) ${values}`, [tenantId, id]);
  await test.database.query(`INSERT INTO telemetry_latest (tenant_id, entity_id, key, ts, value) ${values}`, [
    tenantId,
    id,
  ]);
  await test.database.query(
    `INSERT INTO attribute (tenant_id, entity_id, entity_type, scope, key, ts, value)
     VALUES ($1, $2, 'DEVICE', 'SERVER_SCOPE', 'address', 1, '"Main St"')`,
    [tenantId, id],
  );
  await test.database.query(
    `INSERT INTO alarm (tenant_id, id, type, originator_type, originator_id, severity, start_ts, end_ts)
     VALUES ($1, gen_random_uuid(), 'High temperature', 'DEVICE', $2, 'CRITICAL', 1, 1)`,
    [tenantId, id],
  );
  await test.database.query(
    `INSERT INTO alarm_mute (tenant_id, originator_id, alarm_type, until, muted_by)
     VALUES ($1, $2, 'High temperature', now() + interval '1 hour', 'Ann')`,
    [tenantId, id],
  );
  await test.database.query(
    `INSERT INTO alarm_comment (tenant_id, id, alarm_id, kind, author_id, author_name, text)
     SELECT tenant_id, $2, id, 'comment', $2, 'Ann', 'Look at it' FROM alarm WHERE tenant_id = $1 AND originator_id = $2`,
    [tenantId, id], // an id of its own, by which it is found again
  );
  return id;
}

const OWNER: Partial<Record<(typeof TABLES)[number], string>> = {
  alarm: 'originator_id',
  alarm_mute: 'originator_id',
  alarm_comment: 'id',
};

const remaining = async (id: string): Promise<number[]> => {
  const counts = TABLES.map((table) => {
    const owner = OWNER[table] ?? 'entity_id';
    return test.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE ${owner} = $1`, [
      id,
    ]);
  });
  return (await Promise.all(counts)).map(([row]) => row?.count ?? -1);
};

it('deletes with a device its values, attributes and alarms with their comments and mutes, and nothing of another device', async () => {
  const [gone, kept] = [await deviceWithHistory('Gone'), await deviceWithHistory('Kept')];
  const session = await signedIn(test.url, people.emails.admin);
  expect((await send(`${test.url}/api/devices/${gone}`, 'DELETE', undefined, session)).status).toBe(204);
  expect(await remaining(gone)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await remaining(kept)).toEqual([1, 1, 1, 1, 1, 1]);
});
