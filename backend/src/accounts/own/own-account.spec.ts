import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { PASSWORD, seedPeople, send, signedIn, startTestApp, type TestApp } from '../../start/test-app.testing.js';
import { Mailbox } from '../mailbox.testing.js';

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
  for (const table of ['sign_in_count', 'delivery', 'account_link', 'session'])
    await test.database.query(`DELETE FROM ${table}`);
});

type Headers = Readonly<Record<string, string>>;
const api = (method: string, path: string, body?: unknown, headers?: Headers) =>
  send(`${test.url}/api/${path}`, method, body, headers);
const account = (as: Headers) => api('GET', 'account', undefined, as);
const isIn = async (as: Headers) => (await api('GET', 'session', undefined, as)).status === 200;
const signIn = async (email: string, password: string) =>
  (await api('POST', 'auth/sign-in', { email, password })).status;

it('shows the own account, and changes name, language and time zone', async () => {
  const me = await signedIn(test.url, ADMIN);
  expect((await account(me)).body).toMatchObject({
    email: ADMIN,
    role: 'tenant-administrator',
    tenant: { name: 'Plant' },
    language: null,
    tenantLanguage: 'en',
    timeZone: null,
    hasPassword: true,
    pendingAddress: null,
    managed: false,
  });
  const changed = await api('PUT', 'account', { name: 'Ada', language: 'de', timeZone: 'Asia/Kolkata' }, me);
  expect(changed).toMatchObject({ status: 200, body: { name: 'Ada', language: 'de', timeZone: 'Asia/Kolkata' } });
  expect((await api('GET', 'session', undefined, me)).body).toMatchObject({
    user: { language: 'de', timeZone: 'Asia/Kolkata' },
  });
  const refused = await api('PUT', 'account', { name: 'Ada', language: 'fr', timeZone: 'Mars/Olympus' }, me);
  expect(refused).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/language' }, { pointer: '/timeZone' }] },
  });
  await api('PUT', 'account', { name: '', language: null, timeZone: null }, me);
});

it('lets a managed user choose language and time zone, not the name or the address', async () => {
  const me = await signedIn(test.url, ADMIN);
  await test.database.query('UPDATE user_account SET managed = true WHERE email = $1', [ADMIN]);
  expect((await api('PUT', 'account', { name: '', language: 'de', timeZone: null }, me)).status).toBe(200);
  const locked = { status: 409, body: { code: 'managed-by-file' } };
  expect(await api('PUT', 'account', { name: 'Me', language: null, timeZone: null }, me)).toMatchObject(locked);
  expect(await api('POST', 'account/address', { email: 'n@example.org', currentPassword: PASSWORD }, me)).toMatchObject(
    locked,
  );
  await test.database.query('UPDATE user_account SET managed = false, language = NULL WHERE email = $1', [ADMIN]);
});

it('changes the password for who knows the old one, ends all other sessions, and tells the person', async () => {
  const [me, elsewhere] = [await signedIn(test.url, ADMIN), await signedIn(test.url, ADMIN)];
  const change = (currentPassword: string, newPassword: string) =>
    api('POST', 'account/password', { currentPassword, newPassword }, me);
  expect(await change('wrong', CHOSEN)).toMatchObject({ status: 403, body: { code: 'wrong-password' } });
  expect(await change(PASSWORD, 'Passwort12345')).toMatchObject({
    status: 400,
    body: { code: 'password-refused', errors: [{ pointer: '/newPassword' }] },
  });
  expect((await change(PASSWORD, CHOSEN)).status).toBe(204);
  expect([await isIn(me), await isIn(elsewhere)]).toEqual([true, false]);
  expect([await signIn(ADMIN, PASSWORD), await signIn(ADMIN, CHOSEN)]).toEqual([401, 200]);
  expect(await mailbox.last(ADMIN, 'password-changed')).toMatchObject({
    language: 'en',
    variables: { source: '127.0.0.1' },
  });
  expect((await account(me)).body['passwordChangedAt']).toEqual(expect.any(Number));
  expect((await change(CHOSEN, PASSWORD)).status).toBe(204);
});

it('counts wrong current passwords like sign-ins', async () => {
  const me = await signedIn(test.url, ADMIN);
  const guess = () => api('POST', 'account/password', { currentPassword: 'wrong', newPassword: CHOSEN }, me);
  for (let n = 0; n < 10; n += 1) expect((await guess()).status).toBe(403);
  expect(await guess()).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
});

it('changes the address once the new one is confirmed, and tells the old one, with the way back', async () => {
  const me = await signedIn(test.url, ADMIN);
  const ask = { email: 'Ada@new.example.org', currentPassword: PASSWORD };
  expect((await api('POST', 'account/address', ask, me)).status).toBe(204);
  expect((await account(me)).body).toMatchObject({ email: ADMIN, pendingAddress: { email: 'Ada@new.example.org' } });
  const token = await mailbox.tokenOf('Ada@new.example.org', 'address-confirmation');
  expect((await api('POST', 'auth/links/look', { token })).body).toMatchObject({
    purpose: 'address-confirmation',
    email: 'Ada@new.example.org',
  });
  expect(await mailbox.to(ADMIN)).toEqual([]);
  expect((await api('POST', 'auth/links/confirm-address', { token })).body).toEqual({ email: 'Ada@new.example.org' });
  expect((await account(me)).body).toMatchObject({ email: 'Ada@new.example.org', pendingAddress: null });
  expect([await signIn(ADMIN, PASSWORD), await signIn('ada@NEW.example.org', PASSWORD)]).toEqual([401, 200]);
  expect((await mailbox.last(ADMIN, 'address-changed'))?.variables).toMatchObject({
    newAddress: 'Ada@new.example.org',
  });

  const { token: scriptToken } = (await api('POST', 'account/api-tokens', { name: 'script' }, me)).body;
  const asScript = { authorization: `Bearer ${String(scriptToken)}` };
  expect(await isIn(asScript)).toBe(true);

  const undo = await mailbox.tokenOf(ADMIN, 'address-changed');
  expect((await api('POST', 'auth/links/look', { token: undo })).body).toMatchObject({
    purpose: 'address-undo',
    email: ADMIN,
  });
  expect((await api('POST', 'auth/links/confirm-address', { token: undo })).body).toEqual({ email: ADMIN });
  expect([await isIn(me), await isIn(asScript)]).toEqual([false, false]); // whoever changed the address is out …
  expect([await signIn('ada@new.example.org', PASSWORD), await signIn(ADMIN, PASSWORD)]).toEqual([401, 401]); // … and knows no password
  const reset = { token: await mailbox.tokenOf(ADMIN, 'password-reset'), password: PASSWORD };
  expect((await api('POST', 'auth/links/reset-password', reset)).status).toBe(204);
  expect(await signIn(ADMIN, PASSWORD)).toBe(200);
});

it('asks for the password before an address changes, and forgets a change that is taken back', async () => {
  const me = await signedIn(test.url, ADMIN);
  expect((await api('POST', 'account/address', { email: 'b@example.org', currentPassword: 'no' }, me)).status).toBe(
    403,
  );
  await api('POST', 'account/address', { email: 'b@example.org', currentPassword: PASSWORD }, me);
  const token = await mailbox.tokenOf('b@example.org', 'address-confirmation');
  expect((await api('DELETE', 'account/address', undefined, me)).status).toBe(204);
  expect((await account(me)).body['pendingAddress']).toBeNull();
  expect((await api('POST', 'auth/links/confirm-address', { token })).status).toBe(410);
});

it('does not tell who has an address, and gives it to the first who confirms it', async () => {
  const [me, other] = [await signedIn(test.url, ADMIN), await signedIn(test.url, 'operator@example.org')];
  const ask = (as: Headers, email: string) => api('POST', 'account/address', { email, currentPassword: PASSWORD }, as);
  const [taken, free] = [await ask(me, 'stranger@example.org'), await ask(me, 'wanted@example.org')];
  expect([taken.status, taken.body]).toEqual([free.status, free.body]);
  expect(await mailbox.to('stranger@example.org')).toEqual([]);
  const mine = await mailbox.tokenOf('wanted@example.org', 'address-confirmation');
  await ask(other, 'wanted@example.org');
  const theirs = await mailbox.tokenOf('wanted@example.org', 'address-confirmation');
  expect((await api('POST', 'auth/links/confirm-address', { token: theirs })).status).toBe(200);
  expect(await api('POST', 'auth/links/confirm-address', { token: mine })).toMatchObject({
    status: 409,
    body: { code: 'name-taken' },
  });
  await test.database.query(
    `UPDATE user_account SET email = 'operator@example.org' WHERE email = 'wanted@example.org'`,
  );
});

it('lists where the account is signed in, ends one session, all others, or all', async () => {
  const [me, phone, tablet] = [
    await signedIn(test.url, ADMIN),
    await signedIn(test.url, ADMIN),
    await signedIn(test.url, ADMIN),
  ];
  const list = async () =>
    (await api('GET', 'account/sessions', undefined, me)).body['items'] as { id: string; current: boolean }[];
  const sessions = await list();
  expect(sessions).toHaveLength(3);
  expect(sessions.filter(({ current }) => current)).toHaveLength(1);
  expect(sessions[0]).toMatchObject({
    sourceAddress: '127.0.0.1',
    userAgent: expect.any(String),
    expiresAt: expect.any(Number),
  });
  const phones = await api('GET', 'account/sessions', undefined, phone);
  const phoneId = (phones.body['items'] as { id: string; current: boolean }[]).find(({ current }) => current)?.id ?? '';
  expect((await api('DELETE', `account/sessions/${phoneId}`, undefined, me)).status).toBe(204);
  expect([await isIn(me), await isIn(phone), await isIn(tablet)]).toEqual([true, false, true]);
  const stranger = await signedIn(test.url, 'stranger@example.org');
  const [mine] = await list();
  expect((await api('DELETE', `account/sessions/${mine?.id ?? ''}`, undefined, stranger)).status).toBe(404);
  expect((await api('DELETE', 'account/sessions', undefined, me)).status).toBe(204);
  expect([await isIn(me), await isIn(tablet), await isIn(stranger)]).toEqual([true, false, true]);
  const out = await api('DELETE', 'account/sessions?everywhere=true', undefined, me);
  expect([out.status, await isIn(me)]).toEqual([204, false]);
  expect(out.headers.getSetCookie()[0]).toMatch(/^signalpost_session=;/);
});

it('lets people choose what they are told about, over what their role is told', async () => {
  const me = await signedIn(test.url, ADMIN);
  const operator = await signedIn(test.url, 'operator@example.org');
  const choices = async (as: Headers) => (await api('GET', 'account/notices', undefined, as)).body['items'] as object[];
  expect(await choices(me)).toContainEqual({ notice: 'oauth-ended', choice: null, byRole: true });
  expect(await choices(operator)).toContainEqual({ notice: 'oauth-ended', choice: null, byRole: false });
  const all = (value: unknown) =>
    Object.fromEntries(
      ['oauth-expiring', 'oauth-ended', 'secret-expiring', 'quota-near', 'quota-reached', 'template-broken'].map(
        (notice) => [notice, value],
      ),
    );
  const defaults = { notices: { ...all(['tenant-administrator']), 'quota-near': ['tenant-operator'] } };
  expect(await api('PUT', 'notice-defaults', defaults, me)).toMatchObject({ status: 200, body: defaults });
  expect(await choices(operator)).toContainEqual({ notice: 'quota-near', choice: null, byRole: true });
  await api('PUT', 'account/notices', { notices: { ...all(null), 'oauth-ended': false, 'quota-near': true } }, me);
  expect(await choices(me)).toContainEqual({ notice: 'oauth-ended', choice: false, byRole: true });
  expect((await api('PUT', 'notice-defaults', defaults, operator)).status).toBe(403);
  expect(
    (await api('GET', 'account/notices', undefined, await signedIn(test.url, 'customer@example.org'))).status,
  ).toBe(403);
});
