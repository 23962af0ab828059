import { generateKeyPairSync, X509Certificate } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import {
  CLIENT_CERTIFICATE,
  CLIENTS,
  startAuthority,
  type FakeAuthority,
} from '../../../../test/fakes/oauth/authority.js';
import { SYSTEM_ACTOR } from '../../access/index.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { CALLBACK, DAY, GOOGLE, OAuthRoom, TestClock } from './oauth-room.testing.js';

let db: Database;
let instances: readonly Instance[];
let microsoft: FakeAuthority;
let google: FakeAuthority;
const clock = new TestClock();
let room: OAuthRoom;
let otherRoom: OAuthRoom;

beforeAll(async () => {
  db = await createTestDatabase();
  instances = [await Instance.open(db), await Instance.open(db)];
  [microsoft, google] = [
    await startAuthority({ kind: 'microsoft', redirectUris: [CALLBACK] }),
    await startAuthority({ kind: 'google', redirectUris: [CALLBACK] }),
  ];
  room = new OAuthRoom(db, instances[0]!, clock);
  otherRoom = new OAuthRoom(db, instances[1]!, clock);
});
afterAll(async () => {
  await Promise.all([microsoft.close(), google.close()]);
  for (const instance of instances) instance.close();
  await db.close();
});
afterEach(() => {
  for (const { persona } of [microsoft, google]) {
    delete persona.fails;
    delete persona.holds;
    delete persona.refreshSeconds;
  }
});

const refreshes = (authority: FakeAuthority) =>
  authority.tokenRequests.filter(({ grantType }) => grantType === 'refresh_token').length;
const expired = () => clock.forward(3600_000);

it('answers a fresh token without asking anybody', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  const before = microsoft.tokenRequests.length;
  const answer = await room.tokens.accessToken(ref);
  expect(answer).toMatchObject({ ok: true, value: { expiresAt: clock.now() + 3600_000 } });
  expect(answer.ok && (await microsoft.accountOf(answer.value.token))).toBe('box@example.org');
  expect(microsoft.tokenRequests.length).toBe(before);
});

it('makes one token request of 40 parallel calls on an expired token', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  expired();
  const before = refreshes(microsoft);
  const answers = await Promise.all(Array.from({ length: 40 }, () => room.tokens.accessToken(ref)));
  expect(refreshes(microsoft) - before).toBe(1);
  expect(new Set(answers.map((answer) => answer.ok && answer.value.token)).size).toBe(1);
  expect(answers[0]).toMatchObject({ ok: true });
});

it('keeps a rotating token alive while two instances race for it, again and again', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  for (let round = 0; round < 5; round += 1) {
    expired();
    const before = refreshes(microsoft);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? room : otherRoom).tokens.accessToken(ref)),
    );
    expect(new Set(answers.map((answer) => answer.ok && answer.value.token)).size).toBe(1);
    expect(answers[0]).toMatchObject({ ok: true });
    expect(refreshes(microsoft) - before).toBe(1);
  }
  expect(await room.row(ref)).toMatchObject({ state: 'valid', failures: 0, lease_owner: null });
});

it('takes over the lease of an instance that died', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  expired();
  await db.query('UPDATE oauth_grant SET lease_owner = 999999 WHERE mail_server_id = $1', [ref.serverId]);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
});

it('keeps the old refresh token unless a new one came', async () => {
  const ref = await room.server(google, GOOGLE);
  await room.signIn(google, ref);
  for (let round = 0; round < 3; round += 1) {
    expired();
    expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
  }
  const used = google.tokenRequests.flatMap(({ form }) => form['refresh_token'] ?? []);
  expect([used.length, new Set(used).size]).toEqual([3, 1]);
});

it('forces one new token after the mail server refused the last, and none when there is a newer one', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  const first = await room.tokens.accessToken(ref);
  const refusedRevision = first.ok ? first.value.grantRevision : 0;
  const before = refreshes(microsoft);
  const second = await room.tokens.accessToken(ref, { force: true, refusedRevision });
  const third = await room.tokens.accessToken(ref, { force: true, refusedRevision });
  expect(refreshes(microsoft) - before).toBe(1);
  expect(second).toEqual(third);
  expect(second).not.toEqual(first);
});

it('turns to "needs consent" with words when the consent was revoked, and heals after a new one', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  microsoft.revokeAll();
  expired();
  const answer = await room.tokens.accessToken(ref);
  expect(answer).toMatchObject({
    ok: false,
    failure: { code: 'password-changed', retryable: false, advice: 'Sign in again.' },
  });
  expect(await room.row(ref)).toMatchObject({ state: 'needs-consent', next_refresh_at: null });
  const before = microsoft.tokenRequests.length;
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: false });
  expect(microsoft.tokenRequests.length).toBe(before);
  await room.signIn(microsoft, ref);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
  expect(await room.row(ref)).toMatchObject({ state: 'valid', last_error: null, failures: 0 });
});

it('names the seven days of a Google project in "Testing"', async () => {
  const ref = await room.server(google, GOOGLE);
  google.persona.refreshSeconds = 7 * 86_400 - 1;
  await room.signIn(google, ref);
  const row = await room.row(ref);
  expect(row).toMatchObject({ state: 'expiring' });
  expect(row.expiry_note).toContain('"Testing"');
  google.revokeAll();
  clock.forward(7 * DAY);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: false, failure: { code: 'testing-token-ended' } });
});

it.each([500, 503, 429])(
  'takes HTTP %i as a fault that passes: keeps every token, backs off, comes back',
  async (status) => {
    const ref = await room.server(microsoft);
    await room.signIn(microsoft, ref);
    expired();
    microsoft.persona.fails = { status, times: 1 };
    expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: false, failure: { retryable: true } });
    const before = microsoft.tokenRequests.length;
    expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: false, failure: { retryable: true } });
    expect(microsoft.tokenRequests.length).toBe(before);
    expect(await room.row(ref)).toMatchObject({ state: 'failing', failures: 1 });
    clock.forward(60_000);
    expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
    expect(await room.row(ref)).toMatchObject({ state: 'valid', failures: 0, last_error: null });
  },
);

it('takes silence as a fault that passes, and loses nothing by it', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  expired();
  const hurried = new OAuthRoom(db, instances[0]!, clock, { timeoutMs: 300 });
  let answerNow = (): void => undefined;
  microsoft.persona.holds = new Promise((resolve) => (answerNow = resolve));
  expect(await hurried.tokens.accessToken(ref)).toMatchObject({ failure: { code: 'provider-slow', retryable: true } });
  microsoft.persona.fails = { status: 503, times: 1 }; // for the request that is still held
  answerNow();
  await expect.poll(() => microsoft.persona.fails?.times).toBe(0);
  clock.forward(60_000);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
});

it('signs in with a certificate instead of a secret', async () => {
  const settings = { clientId: CLIENTS.certificate.id, certificate: CLIENT_CERTIFICATE };
  const options = { flow: 'clientCredentials' as const, scopes: ['https://outlook.office365.com/.default'], settings };
  const ref = await room.server(microsoft, options);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
  const { client_assertion: assertion, client_secret: secret } = microsoft.tokenRequests.at(-1)!.form;
  expect([typeof assertion, secret]).toEqual(['string', undefined]);
  const [application] = await room.applications.list(db, ref.tenantId);
  expect(application?.secretExpiresAt).toBe(Date.parse(new X509Certificate(CLIENT_CERTIFICATE.certificate).validTo));
});

it("does not let Google's library ask a failing server again and again", async () => {
  const ref = await room.server(google, GOOGLE);
  await room.signIn(google, ref);
  expired();
  const before = refreshes(google);
  google.persona.fails = { status: 500, times: 1 };
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: false, failure: { code: 'provider-unavailable' } });
  expect(refreshes(google) - before).toBe(1);
});

it('answers the token that still works while the provider cannot give a new one', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  clock.forward(3600_000 - 60_000);
  microsoft.persona.fails = { status: 500, times: 1 };
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
  expect(await room.row(ref)).toMatchObject({ state: 'failing' });
});

it('makes app-only tokens, which have no refresh token, anew', async () => {
  const ref = await room.server(microsoft, {
    flow: 'clientCredentials',
    scopes: ['https://outlook.office365.com/.default'],
  });
  const first = await room.tokens.accessToken(ref);
  expired();
  const second = await room.tokens.accessToken(ref);
  expect([first.ok, second.ok, await room.row(ref)]).toMatchObject([
    true,
    true,
    { state: 'valid', refresh_token: null },
  ]);
  expect(second).not.toEqual(first);
});

it('says what is wrong with a client secret, tries the new one at once', async () => {
  const flow = 'clientCredentials';
  const ref = await room.server(microsoft, {
    flow,
    scopes: ['https://outlook.office365.com/.default'],
    settings: { clientSecret: 'wrong' },
  });
  const answer = await room.tokens.accessToken(ref);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'client-secret-wrong', retryable: false } });
  expect(await room.row(ref)).toMatchObject({ state: 'failing' });
  const [stored] = await room.applications.list(db, ref.tenantId);
  const { name, provider, directoryId, clientId, authorizationUrl, tokenUrl, deviceUrl, revocationUrl } = stored!;
  const settings = {
    clientId,
    directoryId,
    authorizationUrl,
    tokenUrl,
    deviceUrl,
    revocationUrl,
    clientSecret: 'the-secret-of-the-application',
  };
  const full = { name, provider, settings: settings as object, shared: false, secretExpiresAt: null, managed: false };
  await db.transaction((uow) => room.applications.save(uow, ref.tenantId, full, SYSTEM_ACTOR));
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
});

it('signs a service account in for the mailbox', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  google.persona.serviceAccountKey = publicKey;
  const settings = { serviceAccount: { email: 'robot@project.iam.example', privateKey } };
  const ref = await room.server(google, {
    provider: 'google',
    flow: 'serviceAccount',
    scopes: ['https://mail.google.com/'],
    settings,
  });
  const answer = await room.tokens.accessToken(ref);
  expect(answer.ok && (await google.accountOf(answer.value.token))).toBe('box@example.org');
});

it('signs in at any other server by its token endpoint alone', async () => {
  const tokenUrl = google.endpoints.tokenUrl;
  const ref = await room.server(google, {
    provider: 'custom',
    flow: 'clientCredentials',
    scopes: ['smtp.send'],
    settings: { tokenUrl },
  });
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
});

it('ends the grant when application, flow or mailbox change, and says so to whoever can revoke', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  const row = await room.row(ref);
  const application = { tenantId: ref.tenantId, id: ref.applicationId };
  const same = { application, flow: row.flow, mailbox: row.mailbox, sharedMailbox: null, scopes: row.scopes };
  await db.transaction((uow) => room.grants.attach(uow, ref, same, SYSTEM_ACTOR));
  expect(await room.row(ref)).toMatchObject({ state: 'valid' });
  await db.transaction((uow) => room.grants.attach(uow, ref, { ...same, mailbox: 'other@example.org' }, SYSTEM_ACTOR));
  expect(await room.row(ref)).toMatchObject({ state: 'none', refresh_token: null, access_token: null });
  expect(room.ended.map(({ mail_server_id }) => mail_server_id)).toContain(ref.serverId);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: false, failure: { code: 'consent-missing' } });
});

it('keeps no token and no secret in clear', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  const token = await room.tokens.accessToken(ref);
  const tables = ['oauth_application', 'oauth_grant', 'oauth_authorization'];
  const dump = (
    await Promise.all(tables.map((table) => db.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`)))
  ).flat();
  const text = dump.map(({ row }) => row).join('\n');
  const secrets = [...microsoft.tokenRequests, ...google.tokenRequests].flatMap(({ form }) => [
    form['refresh_token'],
    form['client_secret'],
  ]);
  for (const secret of [...secrets, token.ok ? token.value.token : undefined, 'PRIVATE KEY']) {
    if (secret !== undefined && secret !== 'wrong') expect(text).not.toContain(secret);
  }
});
