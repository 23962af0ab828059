import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { PASSWORD, seedPeople, send, signedIn, startTestApp, type TestApp } from '../../start/test-app.testing.js';
import { Mailbox } from '../mailbox.testing.js';
import { LinkRequestWorker } from './link-request-worker.js';

const CHOSEN = 'three wise owls hoot';
const ADMIN = 'admin@example.org';

let test: TestApp;
let mailbox: Mailbox;
beforeAll(async () => {
  test = await startTestApp();
  await seedPeople(test);
  mailbox = await Mailbox.of(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('DELETE FROM sign_in_count');
  await test.database.query('DELETE FROM account_link');
  await test.database.query('DELETE FROM delivery');
});

const post = (path: string, body: unknown, headers?: Record<string, string>) =>
  send(`${test.url}/api/auth/${path}`, 'POST', body, headers);
const ask = (email: string, source = '192.0.2.1') => post('password-reset', { email }, { 'X-Forwarded-For': source });
const worked = () => test.app.get(LinkRequestWorker).run();
const signIn = (password: string) => post('sign-in', { email: ADMIN, password });
const mailsTo = async (email: string) => (await mailbox.to(email)).map(({ template }) => template);

async function resetToken(email = ADMIN): Promise<string> {
  await ask(email);
  await worked();
  return mailbox.tokenOf(email, 'password-reset');
}

it('answers alike and does the same work, whether somebody has the address or not', async () => {
  const statements: string[][] = [];
  const asked = { all: [] as string[] };
  const original = test.database.query.bind(test.database);
  test.database.query = (sql, values) => {
    asked.all.push(typeof sql === 'string' ? sql : sql.text);
    return original(sql, values);
  };
  const worker = test.app.get(LinkRequestWorker);
  await worker.beforeApplicationShutdown(); // only what the request itself does is looked at
  const answers = [];
  for (const email of [ADMIN, 'nobody@example.org', 'not an address']) {
    asked.all = [];
    answers.push(await ask(email));
    statements.push(asked.all);
  }
  worker.onApplicationBootstrap();
  test.database.query = original;
  const [known, ...others] = answers.map(({ status, body, headers }) => {
    const shown = [...headers].filter(([name]) => !['x-request-id', 'date'].includes(name));
    return { status, body, shown };
  });
  expect(known).toMatchObject({ status: 204, body: { text: '' } });
  for (const other of others) expect(other).toEqual(known);
  expect(statements[0]).toHaveLength(2); // the count, and the row that waits
  for (const other of statements) expect(other).toEqual(statements[0]);
  const waiting = await original('SELECT email FROM link_request ORDER BY created_at');
  expect(waiting).toEqual([{ email: ADMIN }, { email: 'nobody@example.org' }, { email: 'not an address' }]);
  await worked();
  expect(await original('SELECT 1 FROM link_request')).toEqual([]);
  const [sent] = await original<{ count: number }>('SELECT count(*)::int AS count FROM delivery');
  expect(sent?.count).toBe(1);
});

it('sends a link that ends soon, and says where it was asked for', async () => {
  await ask(ADMIN.toUpperCase(), '203.0.113.7');
  await worked();
  const mail = await mailbox.last(ADMIN, 'password-reset');
  expect(mail?.variables).toMatchObject({
    source: '203.0.113.7',
    link: expect.stringMatching(/^http:\/\/signalpost\.test\/reset\?token=[\w-]{43}$/),
  });
  const left = Number(mail?.variables['expiresAt']) - Date.now();
  expect(left / 60_000).toBeGreaterThan(55);
  expect(left / 60_000).toBeLessThan(61);
});

it('sets a new password once, ends every session, tells the person, and does not sign in', async () => {
  const session = await signedIn(test.url, ADMIN);
  const token = await resetToken();
  const done = await post('links/reset-password', { token, password: CHOSEN }, { 'X-Forwarded-For': '203.0.113.9' });
  expect([done.status, done.headers.getSetCookie()]).toEqual([204, []]);
  expect((await send(`${test.url}/api/session`, 'GET', undefined, session)).status).toBe(401);
  expect([(await signIn(PASSWORD)).status, (await signIn(CHOSEN)).status]).toEqual([401, 200]);
  expect((await mailbox.last(ADMIN, 'password-changed'))?.variables).toMatchObject({ source: '203.0.113.9' });
  const again = await post('links/reset-password', { token, password: PASSWORD });
  expect(again).toMatchObject({ status: 410, body: { code: 'link-invalid' } });
  await post('links/reset-password', { token: await resetToken(), password: PASSWORD });
});

it('sends an invitation to who was never activated, and nothing to who is disabled', async () => {
  await test.database.query(
    `UPDATE user_account SET activated_at = NULL, password_hash = NULL WHERE role = 'tenant-operator'`,
  );
  await test.database.query(`UPDATE user_account SET active = false WHERE role = 'customer-user'`);
  for (const email of ['operator@example.org', 'customer@example.org']) expect((await ask(email)).status).toBe(204);
  await worked();
  expect(await mailsTo('operator@example.org')).toEqual(['activation']);
  expect(await mailsTo('customer@example.org')).toEqual([]);
});

it('sends one address five mails an hour at most, and nobody can tell from the answer', async () => {
  for (let request = 0; request < 8; request += 1) expect((await ask(ADMIN, `198.51.100.${request}`)).status).toBe(204);
  await worked();
  expect(await mailsTo(ADMIN)).toEqual(Array(5).fill('password-reset'));
});

it('stops one source that asks for many, and says when to come back', async () => {
  const answers = await Promise.all(
    Array.from({ length: 31 }, (_, n) => ask(`u${n}@example.org`, `2001:db8:1:2::${n.toString(16)}`)),
  );
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/);
});

it('goes on to the next request when one cannot be worked on, and tries that again', async () => {
  await test.database.query(
    `INSERT INTO link_request (id, email, created_at) VALUES (gen_random_uuid(), 'admin@example.org', now() - interval '1 minute')`,
  );
  await test.database.query(
    `ALTER TABLE delivery ADD CONSTRAINT broken CHECK (recipients <> ARRAY['admin@example.org']) NOT VALID`,
  );
  await ask('stranger@example.org');
  await worked();
  expect(await mailsTo('stranger@example.org')).toEqual(['password-reset']);
  await test.database.query('ALTER TABLE delivery DROP CONSTRAINT broken');
  await test.database.query('UPDATE link_request SET due_at = now()');
  await worked();
  expect(await mailsTo(ADMIN)).toEqual(['password-reset']);
});

it('forgets addresses of nobody as soon as it has looked, and requests that wait too long', async () => {
  await test.database.query(
    `INSERT INTO link_request (id, email, created_at, due_at) VALUES (gen_random_uuid(), 'x@example.org', now() - interval '2 hours', now() + interval '1 hour')`,
  );
  await worked();
  expect(await test.database.query('SELECT 1 FROM link_request')).toEqual([]);
});
