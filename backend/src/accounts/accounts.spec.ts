import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import {
  PASSWORD,
  seedPeople,
  send,
  signedIn,
  startTestApp,
  type People,
  type TestApp,
} from '../start/test-app.testing.js';
import { FirstAdministrator } from './index.js';

let test: TestApp;
let people: People;
beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('DELETE FROM sign_in_count');
  await test.database.query('UPDATE user_account SET locked_until = NULL, failed_sign_ins = 0');
});

const api = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  send(`${test.url}/api/${path}`, method, body, headers);
const signIn = (email: string, password: string, from = '192.0.2.1') =>
  api('POST', 'auth/sign-in', { email, password }, { 'X-Forwarded-For': from });

it('signs in whatever the case of the address, and puts the session out of reach of scripts and other sites', async () => {
  const { status, headers, body } = await signIn('Admin@Example.org', PASSWORD);
  expect(status).toBe(200);
  expect(body).toEqual({
    user: {
      id: expect.any(String),
      email: 'admin@example.org',
      name: '',
      role: 'tenant-administrator',
      language: 'en',
      timeZone: null,
    },
    tenant: { id: people.tenantId, name: 'Plant' },
    sandboxInbox: false,
    demo: null,
  });
  expect(headers.getSetCookie()).toEqual([
    expect.stringMatching(/^signalpost_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/),
    expect.stringMatching(/^signalpost_device=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
});

it('keeps neither the password nor the token of a session', async () => {
  const { Cookie } = await signedIn(test.url, people.emails.admin);
  const [row] = await test.database.query<{ hash: string; sessions: string }>(
    `SELECT password_hash AS hash, (SELECT string_agg(s::text, '') FROM session s) AS sessions FROM user_account WHERE email = 'admin@example.org'`,
  );
  expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(row?.sessions).not.toContain(Cookie.split('=')[1]);
});

it('answers an unknown address and a wrong password with the same words', async () => {
  const answers = [await signIn('nobody@example.org', PASSWORD), await signIn('admin@example.org', 'wrong')];
  const comparable = answers.map(({ status, body }) => ({ status, ...body, requestId: '' }));
  expect(comparable[0]).toMatchObject({ status: 401, code: 'sign-in-failed', retryable: false });
  expect(comparable[1]).toEqual(comparable[0]);
});

it('lets nobody in who is not active or has no password', async () => {
  await test.database.query(`UPDATE user_account SET active = false WHERE email = 'operator@example.org'`);
  expect((await signIn('operator@example.org', PASSWORD)).status).toBe(401);
  await test.database.query(`UPDATE user_account SET active = true WHERE email = 'operator@example.org'`);
});

it('stops guessing after ten attempts, even with the right password, and says when to come back', async () => {
  for (let attempt = 0; attempt < 10; attempt += 1)
    expect((await signIn('admin@example.org', 'wrong')).status).toBe(401);
  const refused = await signIn('ADMIN@example.org', PASSWORD);
  expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests', retryable: true } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
});

it('counts attempts at the same time one by one', async () => {
  const attempts = await Promise.all(Array.from({ length: 30 }, () => signIn('admin@example.org', 'wrong')));
  expect(attempts.filter(({ status }) => status === 401)).toHaveLength(10);
});

it('stops a crowd that guesses one password and a list that is tried from one network', async () => {
  const crowd = Array.from({ length: 51 }, (_, index) => signIn('admin@example.org', 'wrong', `198.51.100.${index}`));
  expect((await Promise.all(crowd)).filter(({ status }) => status === 429)).toHaveLength(1);
  const list = Array.from({ length: 101 }, (_, index) =>
    signIn(`u${index}@example.org`, 'wrong', `2001:db8:1:2::${index.toString(16)}`),
  );
  expect((await Promise.all(list)).filter(({ status }) => status === 429)).toHaveLength(1);
});

it('forgets the attempts of who knew the password', async () => {
  for (let round = 0; round < 12; round += 1) expect((await signIn('admin@example.org', PASSWORD)).status).toBe(200);
});

it('ends a session by signing out, by its expiry and when the user is switched off', async () => {
  const [one, two, three] = [
    await signedIn(test.url, people.emails.admin),
    await signedIn(test.url, people.emails.operator),
    await signedIn(test.url, people.emails.customer),
  ];
  expect((await api('POST', 'auth/sign-out', undefined, one)).status).toBe(204);
  await test.database.query(
    `UPDATE session SET expires_at = now() WHERE user_id = (SELECT id FROM user_account WHERE role = 'tenant-operator')`,
  );
  await test.database.query(`UPDATE user_account SET active = false WHERE role = 'customer-user'`);
  for (const session of [one, two, three]) expect((await api('GET', 'session', undefined, session)).status).toBe(401);
  await test.database.query(`UPDATE user_account SET active = true WHERE role = 'customer-user'`);
});

it('prolongs a session that is used, but not beyond thirty days', async () => {
  const session = await signedIn(test.url, people.emails.stranger);
  await test.database
    .query(`UPDATE session SET created_at = now() - interval '29 days', last_seen_at = now() - interval '6 days'
    WHERE user_id = (SELECT id FROM user_account WHERE email = 'stranger@example.org')`);
  expect((await api('GET', 'session', undefined, session)).status).toBe(200);
  const [row] = await test.database.query<{ left: number; seen: boolean }>(
    `SELECT extract(epoch FROM expires_at - now())::float8 / 3600 AS left, last_seen_at > now() - interval '1 minute' AS seen FROM session
     WHERE user_id = (SELECT id FROM user_account WHERE email = 'stranger@example.org')`,
  );
  expect(row?.seen).toBe(true);
  expect(row?.left).toBeCloseTo(24, 0);
});

it('gives API tokens that may what their owner may, until they expire or are deleted', async () => {
  const session = await signedIn(test.url, people.emails.admin);
  const created = await api('POST', 'account/api-tokens', { name: 'Script', scopes: ['devices'] }, session);
  expect(created).toMatchObject({
    status: 201,
    body: { name: 'Script', scopes: ['devices'], expiresAt: null, token: expect.stringMatching(/^sp_[\w-]{43}$/) },
  });
  const bearer = { Authorization: `Bearer ${String(created.body['token'])}`, 'X-Requested-With': '' };
  expect((await api('GET', 'session', undefined, bearer)).body).toMatchObject({ user: { email: 'admin@example.org' } });
  expect((await api('POST', 'devices', { name: 'By script' }, bearer)).status).toBe(201);
  const listed = await api('GET', 'account/api-tokens', undefined, session);
  expect(listed.body['items']).toEqual([expect.not.objectContaining({ token: expect.anything() })]);
  await test.database.query('UPDATE api_token SET expires_at = now()');
  expect((await api('GET', 'session', undefined, bearer)).status).toBe(401);
  await test.database.query('UPDATE api_token SET expires_at = NULL');
  expect((await api('DELETE', `account/api-tokens/${String(created.body['id'])}`, undefined, session)).status).toBe(
    204,
  );
  expect((await api('GET', 'session', undefined, bearer)).status).toBe(401);
});

it('lets nobody delete the API token of another', async () => {
  const mine = await api('POST', 'account/api-tokens', { name: 'Mine' }, await signedIn(test.url, people.emails.admin));
  const theirs = await api(
    'DELETE',
    `account/api-tokens/${String(mine.body['id'])}`,
    undefined,
    await signedIn(test.url, people.emails.operator),
  );
  expect(theirs).toMatchObject({ status: 404, body: { code: 'not-found' } });
});

it('lets the first administrator in by the link in the log, once', async () => {
  const first = test.app.get(FirstAdministrator);
  expect(await first.link()).toBeUndefined();
  await test.database.query(`UPDATE user_account SET active = false WHERE role = 'system-administrator'`);
  expect((await api('GET', 'setup')).body).toEqual({ needed: true, demo: null });
  const link = new URL((await first.link()) ?? '');
  const unused = new URL((await first.link()) ?? '');
  expect(link.href).toMatch(/^http:\/\/signalpost\.test\/setup\?token=[\w-]{43}$/);
  const setup = (token: string | null, password = 'a long enough one') =>
    api('POST', 'setup', { token, email: 'First@example.org', password });
  expect((await setup('guess')).body).toMatchObject({ code: 'setup-refused' });
  expect((await setup(link.searchParams.get('token'), 'short')).body).toMatchObject({
    errors: [{ pointer: '/password', message: 'must have at least 12 characters' }],
  });
  const done = await setup(link.searchParams.get('token'));
  expect(done).toMatchObject({
    status: 200,
    body: { user: { role: 'system-administrator' }, tenant: { name: 'System' } },
  });
  expect(done.headers.get('set-cookie')).toContain('signalpost_session=');
  for (const used of [link, unused]) expect((await setup(used.searchParams.get('token'))).status).toBe(403);
  expect((await api('GET', 'setup')).body).toMatchObject({ needed: false });
});
