import { randomBytes } from 'node:crypto';

import { Global, Module } from '@nestjs/common';
import type { OAuthFlow } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import {
  AUTHORITY_CA,
  CLIENTS,
  DIRECTORY_ID,
  startAuthority,
  type FakeAuthority,
} from '../../../../test/fakes/oauth/authority.js';
import { SYSTEM_ACTOR } from '../../access/index.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import { SecretBox } from '../../secrets/index.js';
import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../../start/test-app.testing.js';
import { NobodySendsModule } from '../mail-servers.testing.js';
import { Grants } from './grants.js';
import { OAuthRefreshModule } from './oauth-refresh.module.js';
import { OAuthModule } from './oauth.module.js';
import { CALLBACK_PATH } from './redirects.js';
import { TokenService } from './token-service.js';

const guard = new EgressGuard(['localhost']);
const PARTS = [
  { provide: SecretBox, useValue: new SecretBox([{ kid: 'k', key: randomBytes(32) }]) },
  { provide: GuardedFetch, useValue: new GuardedFetch(guard, { ca: [AUTHORITY_CA] }) },
];
@Global()
@Module({ providers: PARTS, exports: [SecretBox, GuardedFetch] })
class TestPartsModule {}

const PUBLIC_URL = 'http://signalpost.test';
const SERVER = '0198d2a0-0000-7000-8000-000000000001';
let test: TestApp;
let people: People;
let authority: FakeAuthority;

beforeAll(async () => {
  authority = await startAuthority({ kind: 'microsoft', redirectUris: [PUBLIC_URL + CALLBACK_PATH] });
  test = await startTestApp({ rooms: [TestPartsModule, NobodySendsModule, OAuthModule, OAuthRefreshModule] });
  people = await seedPeople(test);
  await test.database.query(
    `INSERT INTO mail_server (tenant_id, id, name, settings, schema_version) VALUES ($1, $2, 'Plant mail', '{}', 1)`,
    [people.tenantId, SERVER],
  );
});
afterAll(async () => {
  await test.close();
  await authority.close();
});

const cookies = new Map<string, { readonly Cookie: string }>();
async function as(who: keyof People['emails'], method: string, path: string, body?: unknown) {
  const cookie = cookies.get(who) ?? (await signedIn(test.url, people.emails[who]));
  cookies.set(who, cookie);
  return send(`${test.url}${path}`, method, body, cookie);
}

const APPLICATIONS = '/api/mail/oauth/applications';
const GRANT = `/api/mail/servers/${SERVER}/oauth`;
const secret = { change: 'set', value: CLIENTS.confidential.secret };
const application = () => ({
  ...{ name: 'Plant app', provider: 'microsoft-365', clientId: CLIENTS.confidential.id, directoryId: DIRECTORY_ID },
  ...authority.endpoints,
});

async function attach(flow: OAuthFlow = 'authorizationCode', app = 'Plant app'): Promise<void> {
  const { body } = await as('admin', 'GET', APPLICATIONS);
  const id = (body['items'] as { id: string; name: string }[]).find(({ name }) => name === app)!.id;
  const wanted = { flow, mailbox: 'box@example.org', sharedMailbox: null };
  const scopes = ['https://outlook.office.com/SMTP.Send', 'offline_access', 'openid', 'profile'];
  const ref = { tenantId: people.tenantId, serverId: SERVER };
  await test.database.transaction((uow) =>
    test.app
      .get(Grants)
      .attach(uow, ref, { ...wanted, scopes, application: { tenantId: people.tenantId, id } }, SYSTEM_ACTOR),
  );
}

const page = async (url: URL | string, headers: Record<string, string> = {}) => {
  const { pathname, search } = new URL(url, test.url);
  const answer = await fetch(test.url + pathname + search, { headers, redirect: 'manual' });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

it('takes an application with its secret, and gives the secret to nobody', async () => {
  const made = await as('admin', 'POST', APPLICATIONS, { ...application(), clientSecret: secret });
  expect(made).toMatchObject({ status: 201, body: { scope: 'tenant', clientSecret: { isSet: true }, revision: 1 } });
  const again = await as('admin', 'PUT', `${APPLICATIONS}/${String(made.body['id'])}`, application());
  expect(again).toMatchObject({ status: 200, body: { clientSecret: { isSet: true } } });
  const list = await as('operator', 'GET', APPLICATIONS);
  expect(JSON.stringify([made.body, again.body, list.body])).not.toMatch(/the-secret|s1:k/);
  expect(await as('admin', 'POST', APPLICATIONS, application())).toMatchObject({
    status: 409,
    body: { code: 'name-taken' },
  });
});

it('asks for the secret again when it would go to another place', async () => {
  const { body } = await as('admin', 'GET', APPLICATIONS);
  const path = `${APPLICATIONS}/${(body['items'] as { id: string }[])[0]!.id}`;
  const elsewhere = { ...application(), tokenUrl: 'https://evil.example/token' };
  expect(await as('admin', 'PUT', path, elsewhere)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/clientSecret' }] },
  });
});

it.each([
  ['a blank', 'https://login.example.org/to ken'],
  ['a Markdown link', '[token](https://login.example.org/token)'],
  ['a macro', 'https://login.example.org/${SIGNALPOST_VAR_X}'],
])('refuses %s in an address', async (_what, tokenUrl) => {
  const answer = await as('admin', 'POST', APPLICATIONS, { ...application(), name: 'Bad', tokenUrl });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/tokenUrl' }] } });
});

it('shows a shared application to every tenant by its name alone', async () => {
  const shared = { ...application(), name: 'House app', shared: true, clientSecret: secret };
  const { body } = await as('system', 'POST', APPLICATIONS, shared);
  const path = `${APPLICATIONS}/${String(body['id'])}`;
  expect((await as('stranger', 'GET', APPLICATIONS)).body).toMatchObject({
    items: [{ name: 'House app', scope: 'system', clientId: null, clientSecret: { isSet: false } }],
  });
  expect((await as('stranger', 'PUT', path, shared)).status).toBe(404);
  expect((await as('stranger', 'DELETE', path)).status).toBe(404);
  expect((await as('customer', 'GET', APPLICATIONS)).status).toBe(403);
  const own = await as('admin', 'POST', APPLICATIONS, { ...application(), name: 'Wants to share', shared: true });
  expect(own.body).toMatchObject({ shared: false });
});

it('takes an administrator from the page to a token, and tells open pages', async () => {
  await attach();
  expect((await as('operator', 'GET', GRANT)).body).toMatchObject({ state: 'none', redirect: { accepted: false } });
  const started = await as('admin', 'POST', `${GRANT}/authorize`, {});
  expect(started.status).toBe(200);
  const callback = await authority.consent(String(started.body['url']));
  expect((await page(callback)).status).toBe(400);
  const done = await page(callback, await signedInAs('admin'));
  expect([done.status, done.text]).toEqual([200, expect.stringContaining('as box@example.org now')]);
  expect(done.headers.get('cache-control')).toBe('no-store');
  const { body } = await as('admin', 'GET', GRANT);
  expect(body).toMatchObject({ state: 'valid', account: 'box@example.org' });
  const token = await test.app.get(TokenService).accessToken({ tenantId: people.tenantId, serverId: SERVER });
  expect(JSON.stringify(body)).not.toContain(token.ok ? token.value.token : 'a token');
});

const signedInAs = async (who: keyof People['emails']) => ({
  ...(cookies.get(who) ?? (await signedIn(test.url, people.emails[who]))),
});

it('shows what the provider says as text, never as part of the page', async () => {
  const started = await as('admin', 'POST', `${GRANT}/authorize`, {});
  authority.persona.denies = true;
  const callback = await authority.consent(String(started.body['url']));
  authority.persona.denies = false;
  const { status, text } = await page(callback, await signedInAs('admin'));
  expect(status).toBe(400);
  expect(text).toContain('&lt;b&gt;this&lt;/b&gt;');
  expect((await as('admin', 'GET', GRANT)).body).toMatchObject({
    state: 'valid',
    lastError: { code: 'consent-denied' },
  });
});

it('takes the pasted address of a redirect that led nowhere', async () => {
  const started = await as('admin', 'POST', `${GRANT}/authorize`, { redirect: 'localhost' });
  expect(started.body).toMatchObject({ redirectUri: 'http://localhost' });
  const address = (await authority.consent(String(started.body['url']))).href;
  expect((await as('admin', 'POST', `${GRANT}/complete`, { address: 'nonsense' })).status).toBe(400);
  expect(await as('admin', 'POST', `${GRANT}/complete`, { address })).toMatchObject({
    status: 200,
    body: { state: 'valid' },
  });
  expect(await as('admin', 'POST', `${GRANT}/complete`, { address })).toMatchObject({
    status: 409,
    body: { code: 'oauth-refused' },
  });
});

it('hands over to a colleague who has no account here', async () => {
  const { body } = await as('admin', 'POST', `${GRANT}/hand-over`);
  expect(body['powerShell']).toContain("Set-CASMailbox -Identity 'box@example.org'");
  expect(body['adminConsentUrl']).toContain(`client_id=${CLIENTS.confidential.id}`);
  const opened = await page(String(body['url']));
  expect(opened.text).toContain('Sign in as box@example.org');
  const start = `${new URL(String(body['url'])).pathname}/start`;
  const sent = await page(start);
  expect(sent.status).toBe(303);
  expect((await page(start)).status).toBe(400);
  const callback = await authority.consent(sent.headers.get('location')!);
  const cookie = (sent.headers.get('set-cookie') ?? '').split(';')[0]!;
  expect((await page(callback, { Cookie: cookie })).text).toContain('Signed in');
});

it('goes on by itself with a code on another device, and shows it meanwhile', async () => {
  authority.persona.interval = 1;
  const client = { name: 'Public app', clientId: CLIENTS.public.id };
  await as('admin', 'POST', APPLICATIONS, { ...application(), ...client });
  await attach('deviceCode', 'Public app');
  expect((await as('admin', 'POST', `${GRANT}/authorize`, {})).body).toMatchObject({ code: 'oauth-refused' });
  const { body } = await as('admin', 'POST', `${GRANT}/device`);
  expect((await as('operator', 'GET', GRANT)).body).toMatchObject({ state: 'waiting-for-consent', device: body });
  await authority.enterCode(String(body['userCode']));
  const state = async () => (await as('admin', 'GET', GRANT)).body['state'];
  await expect.poll(state, { timeout: 20_000, interval: 200 }).toBe('valid');
});

it('ends a consent when a person says so, and keeps an application that is in use', async () => {
  await attach();
  expect((await as('admin', 'DELETE', GRANT)).body).toMatchObject({ state: 'none', account: null });
  const { body } = await as('admin', 'GET', APPLICATIONS);
  const used = (body['items'] as { id: string; name: string }[]).find(({ name }) => name === 'Plant app')!;
  expect(await as('admin', 'DELETE', `${APPLICATIONS}/${used.id}`)).toMatchObject({
    body: { code: 'oauth-application-in-use' },
  });
});

it('lets no other tenant, operator or customer near a grant', async () => {
  const changes = ['authorize', 'complete', 'device', 'hand-over', 'refresh'];
  for (const change of changes) {
    const body = change === 'complete' ? { address: 'http://localhost/?state=x' } : {};
    expect([change, (await as('operator', 'POST', `${GRANT}/${change}`, body)).status]).toEqual([change, 403]);
    expect([change, (await as('stranger', 'POST', `${GRANT}/${change}`, body)).body['state']]).toEqual([
      change,
      undefined,
    ]);
  }
  expect((await as('stranger', 'GET', GRANT)).status).toBe(404);
  expect((await as('stranger', 'DELETE', GRANT)).status).toBe(404);
  expect((await as('customer', 'GET', GRANT)).status).toBe(403);
});
