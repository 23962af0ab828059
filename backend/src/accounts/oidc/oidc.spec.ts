import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { AUTHORITY_CA, CLIENTS, startAuthority, type FakeAuthority } from '../../../../test/fakes/oauth/authority.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import {
  seedPeople,
  send,
  signedIn,
  startTestApp,
  type HeaderMap,
  type People,
  type TestApp,
} from '../../start/test-app.testing.js';
import { OidcClients } from './oidc-clients.js';

const SECRET = CLIENTS.confidential.secret;

let test: TestApp;
let people: People;
let authority: FakeAuthority;
let admin: HeaderMap;
const redirectUris: string[] = [];

beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
  redirectUris.push(`http://signalpost.test/api/auth/oidc/${people.tenantId}/callback`);
  authority = await startAuthority({ kind: 'google', redirectUris });
  const http = new GuardedFetch(new EgressGuard(['localhost', '127.0.0.0/8']), { ca: [AUTHORITY_CA] });
  Object.assign(test.app.get(OidcClients), { http }); // it trusts the authority's certificate
});
afterAll(async () => {
  await authority.close();
  await test.close();
});
beforeEach(async () => {
  for (const table of ['identity_provider', 'identity_link', 'oidc_sign_in', 'sign_in_count'])
    await test.database.query(`DELETE FROM ${table}`);
  await test.database.query("DELETE FROM user_account WHERE email LIKE 'new%'");
  Object.assign(authority.persona, {
    person: 'operator@example.org',
    denies: false,
    unverified: false,
    silentOnVerified: false,
  });
  admin = await signedIn(test.url, people.emails.admin);
});

const settings = () => ({
  name: 'Plant directory',
  issuer: authority.issuer,
  clientId: CLIENTS.confidential.id,
  clientSecret: { change: 'set', value: SECRET },
  allowedDomains: ['example.org'],
  newUsers: 'refuse',
  role: 'tenant-operator',
  customerId: null,
  active: true,
});
const call = (method: string, path: string, body?: unknown, headers?: HeaderMap) =>
  send(`${test.url}/api/${path}`, method, body, headers);
const save = (changes: object = {}, headers = admin) =>
  call('PUT', 'identity-provider', { ...settings(), ...changes }, headers);
const cookiesOf = (headers: Headers) => headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');

/** Opens a link as a browser does, without following it. */
async function open(path: string, cookies: readonly string[] = []) {
  const answer = await fetch(test.url + path, { redirect: 'manual', headers: { Cookie: cookies.join('; ') } });
  return { status: answer.status, location: answer.headers.get('location') ?? '', cookies: cookiesOf(answer.headers) };
}

const start = (query = '') => open(`/api/auth/oidc/${people.tenantId}/start${query}`);

/** To the provider and back to the callback. @returns where the browser ends, with which cookies */
async function signIn(query = '') {
  const begun = await start(query);
  const back = await authority.consent(begun.location);
  return open(back.pathname + back.search, begun.cookies);
}

const whoIs = async (cookies: readonly string[]) => {
  const { status, body } = await call('GET', 'session', undefined, { Cookie: cookies.join('; ') });
  return status === 200 ? (body['user'] as { email: string; role: string }) : status;
};
const refusal = (location: string) => new URL(location).searchParams.get('refused');

it('signs an existing person in, and leads on to where the person wanted to go', async () => {
  await save();
  const { status, location, cookies } = await signIn('?returnUrl=/alarms?status=active');
  expect([status, location]).toEqual([302, 'http://signalpost.test/alarms?status=active']);
  expect(await whoIs(cookies)).toMatchObject({ email: 'operator@example.org', role: 'tenant-operator' });
});

it('asks with PKCE, state and nonce, and leads to the provider alone', async () => {
  await save();
  const { location } = await start();
  const url = new URL(location);
  expect(url.origin).toBe(new URL(authority.issuer).origin);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    redirect_uri: redirectUris[0],
    scope: 'openid email profile',
  });
});

it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in'])(
  'leads nobody to %s afterwards',
  async (to) => {
    await save();
    const { location } = await signIn(`?returnUrl=${encodeURIComponent(to)}`);
    expect(location).toBe('http://signalpost.test/');
  },
);

it('refuses a callback of another browser, a second use, and a state that nobody has', async () => {
  await save();
  const begun = await start();
  const back = await authority.consent(begun.location);
  const callback = back.pathname + back.search;
  const [own] = begun.cookies;
  for (const cookies of [[], ['signalpost_oidc=another']])
    expect(refusal((await open(callback, cookies)).location)).toBe('expired');
  expect(refusal((await open(callback, [own ?? ''])).location)).toBeNull();
  expect(refusal((await open(callback, [own ?? ''])).location)).toBe('expired');
  expect(refusal((await open(`${back.pathname}?code=x&state=y`, [own ?? ''])).location)).toBe('expired');
});

it('refuses a code that was made for another nonce', async () => {
  await save();
  const begun = await start();
  const back = await authority.consent(begun.location);
  await test.database.query("UPDATE oidc_sign_in SET nonce = 'another'");
  const { location, cookies } = await open(back.pathname + back.search, begun.cookies);
  expect([refusal(location), await whoIs(cookies)]).toEqual(['provider', 401]);
});

it.each([
  ['a person who refuses at the provider', { denies: true }, {}, 'provider'],
  ['an address of another domain', { person: 'operator@elsewhere.example' }, {}, 'domain'],
  ['an address that the provider has not verified', { unverified: true }, {}, 'unverified'],
  ['an address that the provider says nothing of', { silentOnVerified: true }, {}, 'not-said'],
  [
    'an address that the provider has not verified, where silence is trusted',
    { unverified: true },
    { trustMissingEmailVerified: true },
    'unverified',
  ],
  ['a person without an account, where nobody new comes in', { person: 'new1@example.org' }, {}, 'no-account'],
  ['a person of another tenant', { person: 'stranger@example.org' }, { newUsers: 'create' }, 'no-account'],
  ['a system administrator', { person: 'system@example.org' }, { newUsers: 'create' }, 'no-account'],
])('turns away %s', async (_whom, persona, changes, refused) => {
  await save(changes);
  Object.assign(authority.persona, persona);
  const { location, cookies } = await signIn();
  expect([refusal(location), await whoIs(cookies)]).toEqual([refused, 401]);
});

it('takes an address that the provider says nothing of where the tenant trusts it', async () => {
  await save({ trustMissingEmailVerified: true });
  Object.assign(authority.persona, { silentOnVerified: true });
  expect(await whoIs((await signIn()).cookies)).toMatchObject({ email: 'operator@example.org' });
});

it('knows people by their subject, whatever is said of their address by then', async () => {
  await save();
  await signIn();
  Object.assign(authority.persona, { silentOnVerified: true });
  expect(await whoIs((await signIn()).cookies)).toMatchObject({ email: 'operator@example.org' });
});

it('turns away a person whose account was disabled', async () => {
  await save();
  await test.database.query("UPDATE user_account SET active = false WHERE email = 'operator@example.org'");
  expect(refusal((await signIn()).location)).toBe('inactive');
  await test.database.query("UPDATE user_account SET active = true WHERE email = 'operator@example.org'");
});

it('makes an account for a new person where that is wanted, with the role of the settings', async () => {
  await save({ newUsers: 'create', role: 'customer-user', customerId: people.customerId });
  Object.assign(authority.persona, { person: 'new2@example.org' });
  expect(await whoIs((await signIn()).cookies)).toMatchObject({ email: 'new2@example.org', role: 'customer-user' });
  const rows = await test.database.query(
    "SELECT 1 FROM user_account WHERE email = 'new2@example.org' AND activated_at IS NOT NULL AND password_hash IS NULL",
  );
  expect(rows).toHaveLength(1);
});

it('knows people by their subject, when their address here has changed', async () => {
  await save();
  await signIn();
  await test.database.query("UPDATE user_account SET email = 'new3@example.org' WHERE email = 'operator@example.org'");
  expect(await whoIs((await signIn()).cookies)).toMatchObject({ email: 'new3@example.org' });
  await test.database.query("UPDATE user_account SET email = 'operator@example.org' WHERE email = 'new3@example.org'");
});

it('shows the settings without the secret, keeps it sealed, and asks for it again for another issuer', async () => {
  expect((await save()).status).toBe(200);
  const { body } = await call('GET', 'identity-provider', undefined, admin);
  expect(body['provider']).toMatchObject({
    clientSecret: { isSet: true, changedAt: expect.any(Number) },
    redirectUri: redirectUris[0],
    signInLink: `http://signalpost.test/sign-in?tenant=${people.tenantId}`,
  });
  expect(
    JSON.stringify([
      body,
      await test.database.query('SELECT * FROM identity_provider'),
      await test.database.query('SELECT * FROM audit_event'),
    ]),
  ).not.toContain(SECRET);
  expect((await save({ clientSecret: { change: 'keep' }, name: 'Renamed' })).body).toMatchObject({
    name: 'Renamed',
    clientSecret: { isSet: true },
  });
  expect((await signIn()).location).toBe('http://signalpost.test/');
  expect((await save({ clientSecret: { change: 'keep' }, clientId: 'another' })).body).toMatchObject({
    code: 'validation-failed',
    errors: [{ pointer: '/clientSecret' }],
  });
});

it('refuses an issuer that does not describe itself, and one in a private network', async () => {
  const nothing = await save({ issuer: `https://${authority.address}/nothing` });
  expect(nothing).toMatchObject({ status: 409, body: { code: 'identity-provider-refused' } });
  const closed = await save({ issuer: 'https://10.0.0.1/' });
  expect(closed.body).toMatchObject({
    code: 'identity-provider-refused',
    detail: expect.stringContaining('EGRESS_ALLOW'),
  });
});

it('tells only the name to the public, and nothing when it is switched off or removed', async () => {
  const look = async () => (await call('GET', `auth/oidc/${people.tenantId}`)).body;
  expect(await look()).toMatchObject({ code: 'not-found' });
  await save();
  expect(await look()).toEqual({ name: 'Plant directory' });
  await save({ active: false, clientSecret: { change: 'keep' } });
  expect(await look()).toMatchObject({ code: 'not-found' });
  expect((await start()).status).toBe(404);
  expect((await call('DELETE', 'identity-provider', undefined, admin)).status).toBe(204);
  expect((await call('GET', 'identity-provider', undefined, admin)).body).toEqual({ provider: null });
});
