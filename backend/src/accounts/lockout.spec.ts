import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { PASSWORD, seedPeople, send, signedIn, startTestApp, type TestApp } from '../start/test-app.testing.js';
import { LOCKOUT_FAILURES } from './lockout.js';
import { Mailbox } from './mailbox.testing.js';
import { LinkRequestWorker } from './requests/link-request-worker.js';

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
  for (const table of ['sign_in_count', 'known_device', 'delivery', 'account_link'])
    await test.database.query(`DELETE FROM ${table}`);
  await test.database.query('UPDATE user_account SET locked_until = NULL, failed_sign_ins = 0');
});

type Headers = Readonly<Record<string, string>>;
const post = (path: string, body: unknown, headers?: Headers) => send(`${test.url}/api/${path}`, 'POST', body, headers);
const signIn = (password: string, source: string, headers: Headers = {}) =>
  post('auth/sign-in', { email: ADMIN, password }, { 'X-Forwarded-For': source, ...headers });
const templates = async () => (await mailbox.to(ADMIN)).map(({ template }) => template);

/** Wrong passwords of a stranger, each from elsewhere. */
async function guess(times: number, headers: Headers = {}): Promise<void> {
  for (let n = 0; n < times; n += 1) expect((await signIn('wrong', `198.51.100.${n}`, headers)).status).toBe(401);
}

/** The cookie of a browser that has signed in. */
async function knownBrowser(): Promise<Headers> {
  const { headers } = await signIn(PASSWORD, '192.0.2.1');
  const device = headers.getSetCookie().find((cookie) => cookie.startsWith('signalpost_device='));
  return { Cookie: device?.split(';', 1)[0] ?? '' };
}

it('locks an account that strangers guess, tells its owner, and tells the guesser nothing', async () => {
  await guess(LOCKOUT_FAILURES);
  const mail = await mailbox.last(ADMIN, 'account-locked');
  expect(mail?.variables).toMatchObject({
    attempts: LOCKOUT_FAILURES,
    source: `198.51.100.${LOCKOUT_FAILURES - 1}`,
    link: expect.stringMatching(/^http:\/\/signalpost\.test\/unlock\?token=[\w-]{43}$/),
  });
  expect(await templates()).toEqual(['account-locked']);
});

it('answers the right password as a wrong one as long as it is locked, with a way out for its owner', async () => {
  await guess(LOCKOUT_FAILURES);
  const entries = () =>
    test.database.query(`SELECT action, entity_name, actor, changes FROM audit_event ORDER BY at DESC LIMIT 1`);
  const comparable = async (password: string, source: string) => {
    const { status, headers, body } = await signIn(password, source);
    const { requestId: _ofEach, ...problem } = body;
    return [status, [...headers.keys()].sort(), problem, await entries()];
  };
  const wrong = await comparable('wrong', '203.0.113.1');
  expect(await comparable(PASSWORD, '203.0.113.2')).toEqual(wrong);
  expect(wrong.slice(0, 3)).toMatchObject([
    401,
    expect.any(Array),
    { code: 'sign-in-failed', advice: expect.stringMatching(/locked.*link in the mail.*new password/s) },
  ]);
});

it('counts failures in a row: the right password in between begins anew', async () => {
  await guess(LOCKOUT_FAILURES - 1);
  expect((await signIn(PASSWORD, '192.0.2.9')).status).toBe(200);
  await guess(1);
  expect((await signIn(PASSWORD, '192.0.2.9')).status).toBe(200);
});

it('locks nobody out of a browser that has signed in before, and is not locked by one', async () => {
  const browser = await knownBrowser();
  await guess(LOCKOUT_FAILURES + 2, browser);
  expect((await signIn(PASSWORD, '203.0.113.3')).status).toBe(200);
  await guess(LOCKOUT_FAILURES);
  expect((await signIn(PASSWORD, '203.0.113.3')).status).toBe(401);
  expect((await signIn(PASSWORD, '192.0.2.1', browser)).status).toBe(200);
  expect((await signIn(PASSWORD, '203.0.113.3', { Cookie: 'signalpost_device=guessed' })).status).toBe(401);
});

it('is unlocked by the link in the mail, once, by an act and not by a look', async () => {
  await guess(LOCKOUT_FAILURES);
  const token = await mailbox.tokenOf(ADMIN, 'account-locked');
  expect((await post('auth/links/look', { token })).body).toMatchObject({ purpose: 'unlock', email: ADMIN });
  expect((await signIn(PASSWORD, '203.0.113.2')).status).toBe(401);
  expect((await post('auth/links/unlock', { token })).status).toBe(204);
  expect((await signIn(PASSWORD, '203.0.113.2')).status).toBe(200);
  expect((await post('auth/links/unlock', { token })).status).toBe(410);
});

it('is unlocked by an administrator, by a new password, and by itself after an hour', async () => {
  const [row] = await test.database.query<{ id: string }>('SELECT id FROM user_account WHERE email = $1', [ADMIN]);
  const system = await signedIn(test.url, 'system@example.org');
  const path = `users/${row?.id ?? ''}`;
  await guess(LOCKOUT_FAILURES);
  const seen = await send(`${test.url}/api/${path}`, 'GET', undefined, system);
  expect(seen.body['lockedUntil']).toBeGreaterThan(Date.now());
  expect(await post(`${path}/unlock`, undefined, system)).toMatchObject({ status: 200, body: { lockedUntil: null } });
  expect((await signIn(PASSWORD, '203.0.113.2')).status).toBe(200);

  await test.database.query('DELETE FROM sign_in_count');
  await guess(LOCKOUT_FAILURES);
  await post('auth/password-reset', { email: ADMIN });
  await test.app.get(LinkRequestWorker).run();
  const reset = { token: await mailbox.tokenOf(ADMIN, 'password-reset'), password: PASSWORD };
  expect((await post('auth/links/reset-password', reset)).status).toBe(204);
  expect((await signIn(PASSWORD, '203.0.113.2')).status).toBe(200);

  await test.database.query('DELETE FROM sign_in_count');
  await guess(LOCKOUT_FAILURES);
  await test.database.query(`UPDATE user_account SET locked_until = locked_until - interval '60 minutes'`);
  expect((await signIn(PASSWORD, '203.0.113.2')).status).toBe(200);
});

it('locks once, of many guesses at the same moment', async () => {
  await Promise.all(Array.from({ length: 30 }, (_, n) => signIn('wrong', `198.51.100.${n}`)));
  expect(await templates()).toEqual(['account-locked']);
});

it('tells of a sign-in from a browser and network that were never seen, and of no other', async () => {
  const firefox = { 'User-Agent': 'Firefox' };
  expect((await signIn(PASSWORD, '192.0.2.1', firefox)).status).toBe(200); // the very first one
  expect((await signIn(PASSWORD, '192.0.2.1', firefox)).status).toBe(200); // the same, without its cookie
  expect(await templates()).toEqual([]);
  const device = await knownBrowser();
  expect(await templates()).toEqual(['new-sign-in']); // another browser
  expect((await signIn(PASSWORD, '203.0.113.77', device)).status).toBe(200); // the same elsewhere
  expect(await templates()).toEqual(['new-sign-in']);
  expect((await signIn(PASSWORD, '203.0.113.99', firefox)).status).toBe(200);
  expect((await mailbox.last(ADMIN, 'new-sign-in'))?.variables).toMatchObject({
    source: '203.0.113.99',
    device: 'Firefox',
  });
});

it('writes down who failed, never what was typed for an unknown address', async () => {
  await post('auth/sign-in', { email: 'my-password-by-mistake', password: 'x' });
  await guess(1);
  const rows = await test.database.query<{ name: string; actor: object }>(
    `SELECT entity_name AS name, actor FROM audit_event WHERE action = 'user.sign-in-failed' ORDER BY at DESC LIMIT 2`,
  );
  expect(rows.map(({ name }) => name).sort()).toEqual(['(unknown address)', ADMIN]);
});
