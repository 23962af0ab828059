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

const TABLES = ['telemetry', 'telemetry_latest', 'attribute', 'alarm'] as const;

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
  return id;
}

const remaining = async (id: string): Promise<number[]> => {
  const counts = TABLES.map((table) => {
    const owner = table === 'alarm' ? 'originator_id' : 'entity_id';
    return test.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE ${owner} = $1`, [
      id,
    ]);
  });
  return (await Promise.all(counts)).map(([row]) => row?.count ?? -1);
};

it('deletes with a device its values, attributes and alarms, and nothing of another device', async () => {
  const [gone, kept] = [await deviceWithHistory('Gone'), await deviceWithHistory('Kept')];
  const session = await signedIn(test.url, people.emails.admin);
  expect((await send(`${test.url}/api/devices/${gone}`, 'DELETE', undefined, session)).status).toBe(204);
  expect(await remaining(gone)).toEqual([0, 0, 0, 0]);
  expect(await remaining(kept)).toEqual([1, 1, 1, 1]);
});
