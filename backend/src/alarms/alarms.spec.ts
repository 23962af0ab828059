import { expect, it } from 'vitest';

import { AlarmWorld, type Who } from './alarm-world.testing.js';

const world = new AlarmWorld();
const { as, raise } = world;

const listed = async (who: Who, query: string): Promise<unknown> => {
  const { body } = await as(who, 'GET', `alarms?${query}`);
  return Array.isArray(body['items']) ? body['items'].map((item: { id: string }) => item.id).sort() : body;
};
const told = () => world.test.database.query('SELECT type FROM queue_message ORDER BY seq');

it('lists by state and severity, and counts what is active', async () => {
  const [critical, major, cleared] = [
    await raise({ severity: 'CRITICAL' }),
    await raise(),
    await raise({ cleared: true }),
  ];
  expect(await listed('operator', 'status=active')).toEqual([critical, major].sort());
  expect(await listed('operator', 'status=cleared')).toEqual([cleared]);
  expect(await listed('operator', 'status=all&severity=CRITICAL')).toEqual([critical]);
  expect((await as('operator', 'GET', 'alarms/counts')).body).toEqual({
    active: 2,
    bySeverity: { CRITICAL: 1, MAJOR: 1, MINOR: 0, WARNING: 0, INDETERMINATE: 0 },
  });
});

it('acknowledges once, shows the new state in the answer, and tells the root chain', async () => {
  const id = await raise();
  const answer = await as('operator', 'POST', `alarms/${id}/acknowledge`);
  expect(answer).toMatchObject({ status: 200, body: { status: 'ACTIVE_ACK', acknowledged: true } });
  await as('operator', 'POST', `alarms/${id}/acknowledge`);
  expect(await told()).toEqual([{ type: 'ALARM_ACK' }]);
  expect((await as('operator', 'GET', `alarms/${id}`)).body).toEqual(answer.body);
});

it('clears for those who may', async () => {
  const id = await raise({ customer: true });
  expect((await as('operator', 'POST', `alarms/${id}/clear`)).status).toBe(403);
  expect(await as('admin', 'POST', `alarms/${id}/clear`)).toMatchObject({ body: { status: 'CLEARED_UNACK' } });
  expect(await told()).toEqual([{ type: 'ALARM_CLEAR' }]);
});

it('shows a customer user the own alarms alone, and a tenant none of another', async () => {
  const [own, other] = [await raise({ customer: true }), await raise()];
  expect(await listed('customer', 'status=all')).toEqual([own]);
  expect((await as('customer', 'GET', 'alarms/counts')).body).toMatchObject({ active: 1 });
  for (const path of [`alarms/${other}`, `alarms/${own}`]) expect((await as('stranger', 'GET', path)).status).toBe(404);
  expect((await as('customer', 'POST', `alarms/${other}/acknowledge`)).status).toBe(404);
  expect((await as('stranger', 'POST', `alarms/${own}/clear`)).status).toBe(404);
  expect((await as('system', 'GET', 'alarms')).status).toBe(403);
});
