import { afterAll, beforeAll, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../../start/test-app.testing.js';
import { EventBus } from './index.js';

let here: TestApp;
let there: TestApp;
let people: People;
beforeAll(async () => {
  here = await startTestApp();
  people = await seedPeople(here);
  there = await startTestApp({ existing: here.database });
});
afterAll(async () => {
  await there.close();
  await here.close();
});

/** A page's stream: `next` waits for the next event. */
async function listen(url: string, topics: string, headers: Record<string, string>) {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/events?topics=${topics}`, { headers, signal: abort.signal });
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  const next = async (): Promise<unknown> => {
    for (;;) {
      const found = /^data: (.*)\n\n/m.exec(buffer);
      if (found !== null) {
        buffer = buffer.slice(found.index + found[0].length);
        return JSON.parse(found[1] ?? '');
      }
      const { value, done } = await reader.read();
      if (done) return 'closed';
      buffer += value;
    }
  };
  return { status: response.status, type: response.headers.get('content-type'), next, close: () => abort.abort() };
}

it('tells a page what changed, in its tenant and its topics alone', async () => {
  const page = await listen(here.url, 'alarms,devices', await signedIn(here.url, people.emails.admin));
  expect(page.type).toBe('text/event-stream; charset=utf-8');
  const bus = here.app.get(EventBus);
  bus.publish(people.otherTenantId, 'alarms', 'created', 'other-tenant');
  bus.publish(people.tenantId, 'inbox', 'created', 'other-topic');
  bus.publish(people.tenantId, 'alarms', 'created', 'a1');
  expect(await page.next()).toEqual({ topic: 'alarms', kind: 'created', id: 'a1' });
  page.close();
});

it('closes the stream of who is disabled, at once and on every instance', async () => {
  const admin = await signedIn(here.url, people.emails.admin);
  const [one, other] = [
    await signedIn(here.url, people.emails.operator),
    await signedIn(there.url, people.emails.operator),
  ];
  const pages = [await listen(here.url, 'alarms', one), await listen(there.url, 'alarms', other)];
  const users = await send(`${here.url}/api/users?search=${people.emails.operator}`, 'GET', undefined, admin);
  const [operator] = users.body['items'] as { id: string }[];
  const act = (what: string) => send(`${here.url}/api/users/${operator?.id ?? ''}/${what}`, 'POST', undefined, admin);
  expect((await act('disable')).status).toBe(200);
  expect(await Promise.all(pages.map((page) => page.next()))).toEqual(['closed', 'closed']);
  expect((await act('enable')).status).toBe(200);
});

it('tells pages of another instance', async () => {
  const page = await listen(there.url, 'alarms', await signedIn(here.url, people.emails.operator));
  here.app.get(EventBus).publish(people.tenantId, 'alarms', 'cleared', 'a2');
  expect(await page.next()).toEqual({ topic: 'alarms', kind: 'cleared', id: 'a2' });
  there.app.get(EventBus).publish(people.tenantId, 'alarms', 'cleared', 'a3');
  expect(await page.next()).toEqual({ topic: 'alarms', kind: 'cleared', id: 'a3' }); // once: not again by the relay
  here.app.get(EventBus).publish(people.tenantId, 'alarms', 'cleared', 'a4');
  expect(await page.next()).toEqual({ topic: 'alarms', kind: 'cleared', id: 'a4' });
  page.close();
});

it('goes on telling pages when a newer instance tells of what this version does not know', async () => {
  const page = await listen(there.url, 'alarms', await signedIn(here.url, people.emails.admin));
  const event = { origin: 'newer', tenantId: people.tenantId, topic: 'dashboards', kind: 'created', id: 'd1' };
  for (const payload of [JSON.stringify(event), 'not JSON', JSON.stringify({ ...event, topic: 'alarms', id: 'a5' })])
    await here.database.query('SELECT pg_notify($1, $2)', ['signalpost_event', payload]);
  expect(await page.next()).toEqual({ topic: 'alarms', kind: 'created', id: 'a5' });
  page.close();
});

it('lets pages read again when the connection between instances was lost', async () => {
  const page = await listen(there.url, 'alarms', await signedIn(here.url, people.emails.admin));
  await here.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN signalpost_%'`,
  );
  expect(await page.next()).toEqual({ topic: 'alarms', kind: 'resync', id: null });
  here.app.get(EventBus).publish(people.tenantId, 'alarms', 'created', 'a5');
  expect(await page.next()).toEqual({ topic: 'alarms', kind: 'created', id: 'a5' });
  page.close();
});

it('tells a customer user that something changed, without ids, and nothing of what only staff sees', async () => {
  const session = await signedIn(here.url, people.emails.customer);
  const page = await listen(here.url, 'alarms', session);
  here.app.get(EventBus).publish(people.tenantId, 'alarms', 'created', 'a6');
  expect(await page.next()).toEqual({ topic: 'alarms', kind: 'created', id: null });
  page.close();
  expect(await send(`${here.url}/api/events?topics=alarms,mail-log`, 'GET', undefined, session)).toMatchObject({
    status: 403,
  });
});

it('refuses unknown topics and strangers', async () => {
  const session = await signedIn(here.url, people.emails.admin);
  expect(await send(`${here.url}/api/events?topics=weather`, 'GET', undefined, session)).toMatchObject({
    status: 400,
    body: { code: 'validation-failed' },
  });
  expect((await send(`${here.url}/api/events?topics=alarms`, 'GET')).status).toBe(401);
});

it('ends the streams when the process stops, so that stopping does not wait for pages', async () => {
  const session = await signedIn(here.url, people.emails.admin);
  const third = await startTestApp({ existing: here.database });
  const page = await listen(third.url, 'alarms', session);
  await third.close();
  expect(await page.next()).toBe('closed');
});
