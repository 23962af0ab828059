import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { systemClock } from '../../db/index.js';
import {
  PASSWORD,
  seedPeople,
  send,
  signedIn,
  startTestApp,
  type HeaderMap,
  type TestApp,
} from '../../start/test-app.testing.js';
import { Mailbox } from '../mailbox.testing.js';
import { stepOf, totpAt } from './totp.js';

const ADMIN = 'admin@example.org';
const OPERATOR = 'operator@example.org';

let test: TestApp;
let mailbox: Mailbox;
let now = Date.now();
beforeAll(async () => {
  test = await startTestApp();
  await seedPeople(test);
  mailbox = await Mailbox.of(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  now += 3_600_000;
  vi.spyOn(systemClock, 'now').mockImplementation(() => now);
  for (const table of ['two_factor', 'recovery_code', 'pending_sign_in', 'sign_in_policy', 'sign_in_count', 'delivery'])
    await test.database.query(`DELETE FROM ${table}`);
});
afterEach(() => vi.restoreAllMocks());

const call = (method: string, path: string, body?: unknown, headers?: HeaderMap) =>
  send(`${test.url}/api/${path}`, method, body, headers);
const post = (path: string, body: unknown, headers?: HeaderMap) => call('POST', path, body, headers);
const MINE = { currentPassword: PASSWORD };
const codeOf = (secret: unknown) => totpAt(String(secret), stepOf(now));

/** Sets up an app for somebody. @returns its secret and the recovery codes */
async function enrol(email: string) {
  const session = await signedIn(test.url, email);
  const { body: begun } = await post('account/two-factor/enrol', MINE, session);
  const confirmed = await post('account/two-factor/confirm', { code: codeOf(begun['secret']) }, session);
  expect(confirmed.status).toBe(200);
  now += 60_000;
  return { session, secret: String(begun['secret']), recovery: confirmed.body['recoveryCodes'] as string[] };
}

/** The right password. @returns the answer, and the cookie of the pending sign-in */
async function begin(email: string) {
  const { status, body, headers } = await post('auth/sign-in', { email, password: PASSWORD });
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
  return {
    status,
    body,
    cookies,
    pending: { Cookie: cookies.find((one) => one.startsWith('signalpost_pending=')) ?? '' },
  };
}

const prove = (way: string, code: string, pending: HeaderMap) => post('auth/second-factor', { way, code }, pending);

/** The session of somebody who has a second factor. */
async function proven(email: string, secret: string): Promise<{ Cookie: string }> {
  const { headers } = await prove('totp', codeOf(secret), (await begin(email)).pending);
  now += 60_000;
  return {
    Cookie:
      headers
        .getSetCookie()
        .find((one) => one.startsWith('signalpost_session='))
        ?.split(';')[0] ?? '',
  };
}

it('shows a QR code to scan and a secret to type, and counts nothing until a code was confirmed', async () => {
  const session = await signedIn(test.url, ADMIN);
  const { body } = await post('account/two-factor/enrol', MINE, session);
  expect(body).toMatchObject({
    secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
    uri: expect.stringMatching(/^otpauth:\/\/totp\/Signalpost:admin%40example\.org\?secret=/),
    qr: expect.stringMatching(/^<svg[^>]*>.*<\/svg>$/s),
  });
  expect((await post('account/two-factor/confirm', { code: '000000' }, session)).body['code']).toBe(
    'second-factor-failed',
  );
  expect((await begin(ADMIN)).body).toHaveProperty('user');
});

it('asks for the code of the app after the password, and gives no session before', async () => {
  const { secret } = await enrol(ADMIN);
  const { body, cookies, pending } = await begin(ADMIN);
  expect(body).toEqual({
    secondFactor: {
      ways: ['totp', 'recovery-code'],
      enrol: false,
      email: 'a•••@example.org',
      expiresAt: now + 600_000,
    },
  });
  expect(cookies.join()).not.toContain('signalpost_session=');
  expect((await call('GET', 'session', undefined, pending)).status).toBe(401);
  expect((await call('GET', 'auth/second-factor', undefined, pending)).body).toEqual(body);
  const answer = await prove('totp', codeOf(secret), pending);
  expect(answer).toMatchObject({ status: 200, body: { user: { email: ADMIN } } });
  const session = answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('signalpost_session='))
    ?.split(';')[0];
  expect((await call('GET', 'session', undefined, { Cookie: session ?? '' })).status).toBe(200);
});

it('takes a code once: neither again nor an older one', async () => {
  const { secret } = await enrol(ADMIN);
  const older = totpAt(secret, stepOf(now) - 1);
  const code = codeOf(secret);
  expect((await prove('totp', code, (await begin(ADMIN)).pending)).status).toBe(200);
  for (const used of [code, older]) {
    const { status, body } = await prove('totp', used, (await begin(ADMIN)).pending);
    expect([status, body['code']]).toEqual([401, 'second-factor-failed']);
  }
});

it('takes a code once even when it comes twice at the same time', async () => {
  const { secret } = await enrol(ADMIN);
  const [one, other] = [await begin(ADMIN), await begin(ADMIN)];
  const answers = await Promise.all([one, other].map(({ pending }) => prove('totp', codeOf(secret), pending)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
});

it('takes each recovery code once, however it is typed', async () => {
  const { recovery } = await enrol(ADMIN);
  expect(new Set(recovery).size).toBe(10);
  const [code = ''] = recovery;
  const typed = code.toUpperCase().replaceAll('-', ' ');
  expect((await prove('recovery-code', typed, (await begin(ADMIN)).pending)).status).toBe(200);
  expect((await prove('recovery-code', code, (await begin(ADMIN)).pending)).status).toBe(401);
  const stored = await test.database.query<{ code_hash: Buffer }>('SELECT code_hash FROM recovery_code');
  expect(stored).toHaveLength(9);
  expect(JSON.stringify(stored)).not.toContain(recovery[1]);
});

it('keeps the secret of the app sealed, and shows it to nobody again', async () => {
  const { session, secret } = await enrol(ADMIN);
  const rows = await test.database.query('SELECT * FROM two_factor');
  expect(JSON.stringify(rows)).not.toContain(secret);
  const { body } = await call('GET', 'account/two-factor', undefined, session);
  expect(body).toMatchObject({ totp: true, emailCodes: false, recoveryCodesLeft: 10, required: false });
  expect(JSON.stringify(body)).not.toContain(secret);
});

it('asks for the password again after five wrong codes, and counts codes of all sign-ins', async () => {
  const { secret } = await enrol(ADMIN);
  const { pending } = await begin(ADMIN);
  for (let tries = 0; tries < 5; tries += 1) expect((await prove('totp', '000000', pending)).status).toBe(401);
  expect((await prove('totp', codeOf(secret), pending)).body['code']).toBe('sign-in-pending-expired');
  const next = await begin(ADMIN);
  for (let tries = 0; tries < 4; tries += 1) await prove('totp', '000000', next.pending);
  expect((await prove('totp', codeOf(secret), next.pending)).status).toBe(429);
});

it('lets a pending sign-in end after ten minutes', async () => {
  const { secret } = await enrol(ADMIN);
  const { pending } = await begin(ADMIN);
  now += 600_001;
  expect((await prove('totp', codeOf(secret), pending)).body['code']).toBe('sign-in-pending-expired');
});

it('lets a pending sign-in end when another password is set', async () => {
  const { session, secret } = await enrol(OPERATOR);
  const chief = await signedIn(test.url, ADMIN);
  const { id } = (await call('GET', 'account', undefined, session)).body;
  const tokenOf = (url: unknown) => new URL(String(url)).searchParams.get('token');
  for (const set of [
    async () => {
      const { body } = await post(`users/${String(id)}/link`, undefined, chief);
      return post('auth/links/reset-password', { token: tokenOf(body['url']), password: PASSWORD });
    },
    async () => post('account/password', { ...MINE, newPassword: PASSWORD }, await proven(OPERATOR, secret)),
  ]) {
    const { pending } = await begin(OPERATOR);
    expect((await set()).status).toBe(204);
    expect((await prove('totp', codeOf(secret), pending)).body['code']).toBe('sign-in-pending-expired');
    now += 60_000;
  }
});

it('sends a code by mail where somebody wants that; it works once, in its own sign-in alone', async () => {
  const session = await signedIn(test.url, ADMIN);
  const { body } = await call('PUT', 'account/two-factor/email-codes', { enabled: true, ...MINE }, session);
  expect(body).toMatchObject({ emailCodes: true, totp: false });
  const [mine, other] = [await begin(ADMIN), await begin(ADMIN)];
  expect(mine.body).toMatchObject({ secondFactor: { ways: ['email'] } });
  expect((await post('auth/second-factor/email', undefined, mine.pending)).status).toBe(204);
  const code = String((await mailbox.last(ADMIN, 'sign-in-code'))?.variables['code']);
  expect(code).toMatch(/^\d{6}$/);
  expect((await prove('email', code, other.pending)).status).toBe(401);
  expect((await prove('email', code, mine.pending)).status).toBe(200);
  expect((await prove('email', code, mine.pending)).status).toBe(401);
  expect(JSON.stringify(await test.database.query('SELECT * FROM pending_sign_in'))).not.toContain(code);
});

it('sends three codes for one sign-in at most; the newest counts', async () => {
  const session = await signedIn(test.url, ADMIN);
  await call('PUT', 'account/two-factor/email-codes', { enabled: true, ...MINE }, session);
  const { pending } = await begin(ADMIN);
  const sent = [];
  for (let mails = 0; mails < 4; mails += 1)
    sent.push((await post('auth/second-factor/email', undefined, pending)).status);
  expect(sent).toEqual([204, 204, 204, 429]);
  const codes = (await mailbox.to(ADMIN))
    .filter(({ template }) => template === 'sign-in-code')
    .map(({ variables }) => String(variables['code']));
  expect((await prove('email', codes[0] ?? '', pending)).status).toBe(codes[0] === codes[2] ? 200 : 401);
  expect((await prove('email', codes[2] ?? '', pending)).status).toBe(200);
});

it('changes nothing without the password', async () => {
  const { session } = await enrol(ADMIN);
  const wrong = { currentPassword: 'wrong' };
  for (const [method, path, body] of [
    ['POST', 'enrol', wrong],
    ['POST', 'disable', wrong],
    ['POST', 'disable', {}],
    ['POST', 'recovery-codes', wrong],
    ['PUT', 'email-codes', { enabled: true, ...wrong }],
  ] as const)
    expect((await call(method, `account/two-factor/${path}`, body, session)).body['code']).toBe('wrong-password');
});

it('is switched off by its owner, and by an administrator for who lost everything', async () => {
  const own = await enrol(ADMIN);
  expect((await post('account/two-factor/disable', MINE, own.session)).body).toMatchObject({
    totp: false,
    recoveryCodesLeft: 0,
  });
  expect((await begin(ADMIN)).body).toHaveProperty('user');
  await enrol(OPERATOR);
  const [{ id } = { id: '' }] = await test.database.query<{ id: string }>(
    'SELECT id FROM user_account WHERE email = $1',
    [OPERATOR],
  );
  const stranger = await signedIn(test.url, 'stranger@example.org');
  expect((await call('DELETE', `users/${id}/two-factor`, undefined, stranger)).status).toBe(404);
  expect((await call('DELETE', `users/${id}/two-factor`, undefined, own.session)).status).toBe(204);
  expect((await begin(OPERATOR)).body).toHaveProperty('user');
});

const MAILED = ['two-factor-enabled', 'two-factor-disabled', 'two-factor-removed', 'recovery-codes-renewed'];

/** What somebody was told of the own second factor since the last look. */
async function told(email: string) {
  const mails = (await mailbox.to(email)).filter(({ template }) => MAILED.includes(template));
  await test.database.query('DELETE FROM delivery');
  return mails.map(({ template, variables }) => ({ template, ...variables }));
}

it('tells its owner each time it is switched on or off, or recovery codes are made anew', async () => {
  const link = 'http://signalpost.test/account/security';
  const { session } = await enrol(ADMIN);
  const common = { at: expect.any(Number), source: '127.0.0.1', link };
  expect(await told(ADMIN)).toEqual([{ template: 'two-factor-enabled', ...common, app: 'yes' }]);
  const codesByMail = (enabled: boolean) =>
    call('PUT', 'account/two-factor/email-codes', { enabled, ...MINE }, session);
  await codesByMail(true);
  expect(await told(ADMIN)).toEqual([{ template: 'two-factor-enabled', ...common, app: null }]);
  await codesByMail(true);
  expect(await told(ADMIN)).toEqual([]);
  await codesByMail(false);
  expect(await told(ADMIN)).toEqual([{ template: 'two-factor-disabled', ...common, app: 'yes' }]);
  await post('account/two-factor/recovery-codes', MINE, session);
  expect(await told(ADMIN)).toEqual([{ template: 'recovery-codes-renewed', ...common }]);
  await post('account/two-factor/disable', MINE, session);
  expect(await told(ADMIN)).toEqual([{ template: 'two-factor-disabled', ...common, app: null }]);
  await post('account/two-factor/enrol', MINE, session);
  await post('account/two-factor/disable', MINE, session);
  expect(await told(ADMIN)).toEqual([]);
});

it('tells its owner when an administrator takes it away, and who that was, but not from where', async () => {
  await enrol(OPERATOR);
  const [{ id } = { id: '' }] = await test.database.query<{ id: string }>(
    'SELECT id FROM user_account WHERE email = $1',
    [OPERATOR],
  );
  const admin = await signedIn(test.url, ADMIN);
  await told(OPERATOR);
  await call('DELETE', `users/${id}/two-factor`, undefined, admin);
  expect(await told(OPERATOR)).toEqual([
    {
      template: 'two-factor-removed',
      at: expect.any(Number),
      link: 'http://signalpost.test/account/security',
      administrator: ADMIN,
    },
  ]);
  await call('DELETE', `users/${id}/two-factor`, undefined, admin);
  expect(await told(OPERATOR)).toEqual([]);
});

it('lets a role that needs a second factor set one up at its sign-in, and keep it', async () => {
  const admin = await signedIn(test.url, ADMIN);
  const policy = { twoFactorRequiredFor: ['tenant-operator'] };
  expect((await call('PUT', 'sign-in-policy', policy, admin)).body).toEqual({
    ...policy,
    inherited: [],
    managed: false,
  });
  const { body, pending } = await begin(OPERATOR);
  expect(body).toMatchObject({ secondFactor: { ways: [], enrol: true } });
  expect((await prove('totp', '123456', pending)).status).toBe(401);
  const { body: begun } = await post('auth/second-factor/enrol', undefined, pending);
  const {
    status,
    body: done,
    headers,
  } = await post('auth/second-factor/enrol/confirm', { code: codeOf(begun['secret']) }, pending);
  expect([status, done]).toEqual([
    200,
    { session: expect.objectContaining({}), recoveryCodes: expect.arrayContaining([expect.any(String)]) },
  ]);
  const session = {
    Cookie:
      headers
        .getSetCookie()
        .find((cookie) => cookie.startsWith('signalpost_session='))
        ?.split(';')[0] ?? '',
  };
  expect((await post('account/two-factor/disable', MINE, session)).body['code']).toBe('two-factor-required');
  expect(await told(OPERATOR)).toMatchObject([{ template: 'two-factor-enabled', app: 'yes' }]);
});

it('does not let a password alone replace a second factor at the sign-in', async () => {
  const { session } = await enrol(ADMIN);
  await call('PUT', 'sign-in-policy', { twoFactorRequiredFor: ['tenant-administrator'] }, session);
  const { pending } = await begin(ADMIN);
  expect((await post('auth/second-factor/enrol', undefined, pending)).status).toBe(403);
  expect((await post('auth/second-factor/enrol/confirm', { code: '123456' }, pending)).status).toBe(403);
});

it('asks in every tenant what the system administrator asks', async () => {
  const system = await signedIn(test.url, 'system@example.org');
  await call('PUT', 'sign-in-policy', { twoFactorRequiredFor: ['tenant-administrator'] }, system);
  expect((await begin(ADMIN)).body).toMatchObject({ secondFactor: { enrol: true } });
  expect((await begin(OPERATOR)).body).toHaveProperty('user');
});

it('writes down what happened', async () => {
  const { recovery } = await enrol(ADMIN);
  const { pending } = await begin(ADMIN);
  await prove('totp', '000000', pending);
  await prove('recovery-code', recovery[0] ?? '', pending);
  const rows = await test.database.query<{ action: string }>('SELECT action FROM audit_event ORDER BY at DESC LIMIT 4');
  expect(rows.map(({ action }) => action)).toEqual([
    'user.signed-in',
    'user.recovery-code-used',
    'user.two-factor-failed',
    'user.two-factor-enabled',
  ]);
});
