import { randomUUID } from 'node:crypto';

import type { AlarmComment, Page } from '@signalpost/contracts';
import { expect, it } from 'vitest';

import { EventBus } from '../http/events/index.js';
import { AlarmWorld, type Who } from './alarm-world.testing.js';

const world = new AlarmWorld();
const { as, raise } = world;

const page = async (who: Who, id: string, query = ''): Promise<Page<AlarmComment>> =>
  (await as(who, 'GET', `alarms/${id}/comments${query}`)).body as unknown as Page<AlarmComment>; // its schema vouches for it
const told = async (who: Who, id: string): Promise<string[]> =>
  (await page(who, id)).items
    .toReversed()
    .map(({ kind, author, text }) => [kind, author, text].filter(Boolean).join(' '));
const write = async (who: Who, id: string, text: string): Promise<string> =>
  String((await as(who, 'POST', `alarms/${id}/comments`, { text })).body['id']);

it('keeps what people write as they wrote it, with their names', async () => {
  const id = await raise({ customer: true });
  const text = 'Valve 3 <b>sticks</b>.\n\n\tFitter is on the way 🔧';
  const answer = await as('operator', 'POST', `alarms/${id}/comments`, { text: `  ${text.replace('\n', '\r\n')} \n` });
  expect(answer).toMatchObject({
    status: 201,
    body: { kind: 'comment', author: 'operator@example.org', own: true, text, editedAt: null },
  });
  await write('customer', id, 'Thank you');
  expect(await told('admin', id)).toEqual([
    'raised',
    `comment operator@example.org ${text}`,
    'comment customer@example.org Thank you',
  ]);
  expect((await as('admin', 'GET', `alarms/${id}`)).body).toMatchObject({ comments: 2 });
});

it.each([
  ['nothing', ' \n ', 'must not be empty'],
  ['too much', 'x'.repeat(10_001), 'must have at most 10000 characters'],
  ['what is no text', 'a\u0000b', 'must not contain control characters'],
])('refuses %s', async (_, text, message) => {
  expect(await as('operator', 'POST', `alarms/${await raise()}/comments`, { text })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/text', message }] },
  });
});

it('takes the longest text that there may be', async () => {
  const id = await raise();
  expect((await as('operator', 'POST', `alarms/${id}/comments`, { text: 'ä'.repeat(10_000) })).status).toBe(201);
});

it('tells in one history who acknowledged, muted, unmuted and cleared, and what was written between', async () => {
  const id = await raise();
  await as('operator', 'POST', `alarms/${id}/acknowledge`);
  await write('operator', id, 'On my way');
  await as('operator', 'POST', `alarms/${id}/mute`, { until: 'cleared', reason: 'Known' });
  await as('admin', 'POST', `alarms/${id}/unmute`);
  await as('admin', 'POST', `alarms/${id}/clear`);
  expect(await told('operator', id)).toEqual([
    'raised',
    'acknowledged operator@example.org',
    'comment operator@example.org On my way',
    'muted operator@example.org Known',
    'unmuted admin@example.org',
    'cleared admin@example.org',
  ]);
});

it('tells what the rule chain did from the alarm itself', async () => {
  const id = await raise();
  await world.test.database.query(
    `UPDATE alarm SET cleared = true, created_at = to_timestamp(1), clear_ts = 3000,
       severity_changes = ARRAY['{"at": 2000, "from": "MAJOR", "to": "CRITICAL"}'::jsonb] WHERE id = $1`,
    [id],
  );
  expect((await page('operator', id)).items).toMatchObject([
    { kind: 'cleared', at: 3000, author: null, own: false },
    { kind: 'severity-changed', at: 2000, author: null, severity: { from: 'MAJOR', to: 'CRITICAL' } },
    { kind: 'raised', at: 1000, author: null },
  ]);
});

it('gives the history page by page, and shows nothing twice', async () => {
  const id = await raise();
  for (const text of ['one', 'two', 'three']) await write('operator', id, text);
  const first = await page('operator', id, '?limit=2');
  await write('operator', id, 'four');
  const second = await page('operator', id, `?limit=2&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items].map(({ kind, text }) => text ?? kind)).toEqual([
    ...['three', 'two', 'one', 'raised'],
  ]);
  expect(second.nextCursor).toBeNull();
});

it("lets one change one's own comments alone, and marks them", async () => {
  const id = await raise({ customer: true });
  const comment = await write('operator', id, 'Walve 3');
  const path = `alarms/${id}/comments/${comment}`;
  for (const who of ['admin', 'customer'] as const)
    expect(await as(who, 'PATCH', path, { text: 'x' })).toMatchObject({
      status: 403,
      body: { code: 'not-your-comment' },
    });
  expect((await as('operator', 'PATCH', path, { text: 'Walve 3' })).body).toMatchObject({ editedAt: null });
  expect(await as('operator', 'PATCH', path, { text: 'Valve 3' })).toMatchObject({
    status: 200,
    body: { id: comment, text: 'Valve 3', editedAt: expect.any(Number) },
  });
  expect(await told('operator', id)).toEqual(['raised', 'comment operator@example.org Valve 3']);
});

it("lets one delete one's own, and an administrator anybody's; the log tells whose, and not what", async () => {
  const id = await raise({ customer: true });
  const [own, another] = [await write('customer', id, 'mine'), await write('operator', id, 'theirs')];
  expect((await as('customer', 'DELETE', `alarms/${id}/comments/${another}`)).status).toBe(403);
  expect((await as('customer', 'DELETE', `alarms/${id}/comments/${own}`)).status).toBe(204);
  expect((await as('admin', 'DELETE', `alarms/${id}/comments/${another}`)).status).toBe(204);
  expect((await as('admin', 'DELETE', `alarms/${id}/comments/${another}`)).status).toBe(404);
  expect(await told('admin', id)).toEqual(['raised']);
  const audited = await world.audited();
  expect(audited.map(({ action }) => action)).toEqual([
    ...['alarm.commented', 'alarm.commented', 'alarm.comment-deleted', 'alarm.comment-deleted'],
  ]);
  expect(audited.at(-1)?.changes).toEqual([{ field: 'author', before: 'operator@example.org', after: null }]);
  expect(JSON.stringify(audited)).not.toContain('theirs');
});

it('has no comment of what the system tells', async () => {
  const id = await raise();
  await as('operator', 'POST', `alarms/${id}/acknowledge`);
  const [entry] = (await page('operator', id)).items;
  for (const [method, body] of [
    ['PATCH', { text: 'x' }],
    ['DELETE', undefined],
  ] as const)
    expect((await as('operator', method, `alarms/${id}/comments/${entry?.id}`, body)).status).toBe(404);
});

it('is for whoever sees the alarm, and names no comment of another alarm', async () => {
  const [own, other] = [await raise({ customer: true }), await raise()];
  const comment = await write('operator', other, 'hidden');
  expect((await as('customer', 'GET', `alarms/${other}/comments`)).status).toBe(404);
  expect((await as('customer', 'POST', `alarms/${other}/comments`, { text: 'x' })).status).toBe(404);
  expect((await as('stranger', 'GET', `alarms/${own}/comments`)).status).toBe(404);
  expect((await as('system', 'GET', `alarms/${own}/comments`)).status).toBe(403);
  expect((await as('operator', 'PATCH', `alarms/${own}/comments/${comment}`, { text: 'x' })).status).toBe(404);
});

it('outlives its author', async () => {
  const id = await raise();
  await world.test.database.query(
    `INSERT INTO alarm_comment (tenant_id, id, alarm_id, kind, author_id, author_name, text) VALUES ($1, $2, $3, 'comment', $4, 'Left Long Ago', 'See you')`,
    [world.people.tenantId, randomUUID(), id, randomUUID()],
  );
  expect(await told('operator', id)).toEqual(['raised', 'comment Left Long Ago See you']);
});

it('tells open pages of it, and no rule chain', async () => {
  const id = await raise();
  const events: string[] = [];
  const leave = world.test.app.get(EventBus).subscribe({
    changed: (event) => void events.push(`${event.topic} ${event.kind} ${event.id}`),
    resync: () => undefined,
  });
  const comment = await write('operator', id, 'one');
  await as('operator', 'PATCH', `alarms/${id}/comments/${comment}`, { text: 'two' });
  await as('operator', 'DELETE', `alarms/${id}/comments/${comment}`);
  leave();
  expect(events).toEqual(['commented', 'comment-changed', 'comment-deleted'].map((kind) => `alarms ${kind} ${id}`));
  expect(await world.test.database.query('SELECT 1 FROM queue_message')).toEqual([]);
});
