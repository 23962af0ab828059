import { randomUUID } from 'node:crypto';

import { expect, it } from 'vitest';

import { dropEndedMutes } from '../db/index.js';
import { EventBus } from '../http/events/index.js';
import { AlarmWorld } from './alarm-world.testing.js';

const world = new AlarmWorld();
const { as, raise } = world;
const HOUR_MS = 60 * 60 * 1000;
const inHours = (hours: number) => Date.now() + hours * HOUR_MS;

it('mutes until a time, shows who, until when and why, and unmutes at once', async () => {
  const id = await raise();
  const until = inHours(1);
  const answer = await as('operator', 'POST', `alarms/${id}/mute`, { until, reason: ' Maintenance ' });
  expect(answer).toMatchObject({
    status: 200,
    body: { muted: { until, by: 'operator@example.org', at: expect.any(Number), reason: 'Maintenance' } },
  });
  expect((await as('customer', 'GET', `alarms/${id}`)).status).toBe(404);
  expect((await as('admin', 'GET', `alarms/${id}`)).body).toEqual(answer.body);
  expect((await as('admin', 'POST', `alarms/${id}/unmute`)).body).toMatchObject({ muted: null });
  expect((await as('operator', 'GET', `alarms/${id}`)).body).toMatchObject({ muted: null });
});

it('does the same again without a trace, and puts another mute in its place', async () => {
  const id = await raise();
  const wish = { until: inHours(4), reason: null };
  const first = await as('operator', 'POST', `alarms/${id}/mute`, wish);
  expect((await as('admin', 'POST', `alarms/${id}/mute`, wish)).body).toEqual(first.body);
  expect((await as('admin', 'POST', `alarms/${id}/mute`, { until: 'cleared' })).body).toMatchObject({
    muted: { until: null, by: 'admin@example.org' },
  });
  for (let time = 0; time < 2; time += 1) await as('operator', 'POST', `alarms/${id}/unmute`);
  expect(await world.audited()).toEqual([
    {
      ...{ action: 'alarm.muted', actor: 'operator@example.org' },
      changes: [{ field: 'until', before: null, after: wish.until }],
    },
    {
      ...{ action: 'alarm.muted', actor: 'admin@example.org' },
      changes: [{ field: 'until', before: wish.until, after: 'cleared' }],
    },
    {
      ...{ action: 'alarm.unmuted', actor: 'operator@example.org' },
      changes: [{ field: 'until', before: 'cleared', after: null }],
    },
  ]);
});

it('is of device and type for a time, and of one alarm until that clears', async () => {
  const originatorId = randomUUID();
  const first = await raise({ originatorId, cleared: true });
  const next = await raise({ originatorId });
  const muted = async (id: string) => (await as('admin', 'GET', `alarms/${id}`)).body['muted'] !== null;
  await as('operator', 'POST', `alarms/${first}/mute`, { until: inHours(8) });
  expect([await muted(first), await muted(next), await muted(await raise())]).toEqual([true, true, false]);

  await as('operator', 'POST', `alarms/${next}/mute`, { until: 'cleared' });
  expect([await muted(first), await muted(next)]).toEqual([false, true]);
  await as('operator', 'POST', `alarms/${first}/unmute`); // says nothing about another alarm
  expect(await muted(next)).toBe(true);
  await as('admin', 'POST', `alarms/${next}/clear`);
  expect([await muted(next), await muted(await raise({ originatorId }))]).toEqual([false, false]);
});

it.each([
  ['has passed', () => Date.now() - 1, 'must not have passed'],
  ['is too far away', () => inHours(30 * 24 + 1), 'must be within the next 30 days'],
  ['is no time', () => 'tomorrow', 'must be a time in epoch milliseconds, or "cleared"'],
])('refuses a time that %s', async (_, until, message) => {
  const answer = await as('operator', 'POST', `alarms/${await raise()}/mute`, { until: until() });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/until', message }] } });
});

it('says what to do instead where the alarm has cleared, or the reason is too long', async () => {
  const cleared = await as('operator', 'POST', `alarms/${await raise({ cleared: true })}/mute`, { until: 'cleared' });
  expect(cleared).toMatchObject({ status: 409, body: { code: 'alarm-cleared' } });
  const long = { until: 'cleared', reason: 'x'.repeat(301) };
  expect(await as('operator', 'POST', `alarms/${await raise()}/mute`, long)).toMatchObject({
    body: { errors: [{ pointer: '/reason', message: 'must have at most 300 characters' }] },
  });
});

it('lets no customer user and no stranger mute, as a mute silences the mails of everybody', async () => {
  const id = await raise({ customer: true });
  for (const [who, status] of [
    ['customer', 403],
    ['system', 403],
    ['stranger', 404],
  ] as const)
    for (const deed of ['mute', 'unmute'])
      expect((await as(who, 'POST', `alarms/${id}/${deed}`, { until: 'cleared' })).status).toBe(status);
  await as('operator', 'POST', `alarms/${id}/mute`, { until: 'cleared', reason: 'Fitters are there' });
  expect((await as('customer', 'GET', `alarms/${id}`)).body).toMatchObject({ muted: { reason: 'Fitters are there' } });
});

it('still counts a muted alarm as active, and lists those that are muted or not', async () => {
  const [muted, other] = [await raise(), await raise()];
  await as('operator', 'POST', `alarms/${muted}/mute`, { until: inHours(1) });
  expect((await as('operator', 'GET', 'alarms/counts')).body).toMatchObject({ active: 2 });
  const listed = async (query: string) =>
    ((await as('operator', 'GET', `alarms?${query}`)).body['items'] as { id: string }[]).map(({ id }) => id); // a page, as the spec of the list shows
  expect([await listed('muted=true'), await listed('muted=false')]).toEqual([[muted], [other]]);
});

it('tells open pages of the mute and of its end', async () => {
  const id = await raise();
  const told: string[] = [];
  const leave = world.test.app.get(EventBus).subscribe({
    changed: (event) => void told.push(`${event.topic} ${event.kind} ${event.id}`),
    resync: () => undefined,
  });
  for (const deed of ['mute', 'mute', 'unmute', 'unmute'])
    await as('operator', 'POST', `alarms/${id}/${deed}`, deed === 'mute' ? { until: 'cleared' } : undefined);
  leave();
  expect(told).toEqual([`alarms muted ${id}`, `alarms unmuted ${id}`]);
});

it('sweeps up mutes that have ended, and keeps the others', async () => {
  const db = world.test.database;
  const [over, timed, cleared, open] = [await raise(), await raise(), await raise(), await raise()];
  for (const id of [over, timed]) await as('operator', 'POST', `alarms/${id}/mute`, { until: inHours(1) });
  for (const id of [cleared, open]) await as('operator', 'POST', `alarms/${id}/mute`, { until: 'cleared' });
  await db.query(
    'UPDATE alarm_mute SET until = now() WHERE originator_id = (SELECT originator_id FROM alarm WHERE id = $1)',
    [over],
  );
  await as('admin', 'POST', `alarms/${cleared}/clear`);
  await dropEndedMutes(db);
  const kept = await db.query<{ id: string }>('SELECT a.id FROM alarm_mute JOIN alarm a USING (originator_id)');
  expect(kept.map(({ id }) => id).toSorted()).toEqual([timed, open].toSorted());
});
