import { afterAll, beforeAll, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../start/test-app.testing.js';
import { MAIL_PROVIDERS } from './providers/catalogue.js';

let test: TestApp;
let people: People;
beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
});
afterAll(() => test.close());

const list = async (who: keyof People['emails']) =>
  send(`${test.url}/api/mail/providers`, 'GET', undefined, await signedIn(test.url, people.emails[who]));

it.each(['system', 'admin', 'operator'] as const)('shows every template with its guide to: %s', async (who) => {
  const { status, body } = await list(who);
  expect(status).toBe(200);
  expect(body).toEqual({ items: MAIL_PROVIDERS });
});

it('shows them to nobody else', async () => {
  expect((await list('customer')).status).toBe(403);
  expect((await send(`${test.url}/api/mail/providers`, 'GET')).status).toBe(401);
});
