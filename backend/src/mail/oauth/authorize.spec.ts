import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { startAuthority, type FakeAuthority } from '../../../../test/fakes/oauth/authority.js';
import { SYSTEM_ACTOR } from '../../access/index.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { CALLBACK, GOOGLE, OAuthRoom, PERSON } from './oauth-room.testing.js';

let db: Database;
let instance: Instance;
let microsoft: FakeAuthority;
let google: FakeAuthority;
let room: OAuthRoom;
let restarted: OAuthRoom;

beforeAll(async () => {
  db = await createTestDatabase();
  instance = await Instance.open(db);
  const redirectUris = [CALLBACK];
  microsoft = await startAuthority({ kind: 'microsoft', redirectUris });
  google = await startAuthority({ kind: 'google', redirectUris });
  room = new OAuthRoom(db, instance);
  restarted = new OAuthRoom(db, instance, room.clock);
});
afterAll(async () => {
  await Promise.all([microsoft.close(), google.close()]);
  instance.close();
  await db.close();
});
afterEach(() => {
  for (const { persona } of [microsoft, google]) {
    persona.person = 'box@example.org';
    persona.denies = false;
    persona.skewSeconds = 0;
    persona.omitsRefreshToken = false;
  }
});

const CUSTOM = (authority: FakeAuthority) => ({
  provider: 'custom' as const,
  scopes: ['openid', 'email', 'offline_access', 'smtp.send'],
  settings: { issuer: authority.issuer },
});

it.each([
  ['Microsoft', () => microsoft, () => ({})],
  ['Google', () => google, () => GOOGLE],
  ['any issuer', () => microsoft, () => CUSTOM(microsoft)],
  ['an issuer that describes itself', () => microsoft, () => ({ ...CUSTOM(microsoft), byIssuer: true })],
] as const)('takes a person to %s and back, and has a token of the mailbox', async (_name, authority, options) => {
  const ref = await room.server(authority(), options());
  const url = new URL(await room.start(ref));
  expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  expect(url.searchParams.get('login_hint')).toBe('box@example.org');
  expect(await room.row(ref)).toMatchObject({ state: 'waiting-for-consent' });
  const callback = await authority().consent(url.href);
  expect(await room.finish(callback)).toMatchObject({ ok: true, value: { ref: { serverId: ref.serverId } } });
  expect(await room.row(ref)).toMatchObject({ account: 'box@example.org', state: 'valid' });
  const token = await room.tokens.accessToken(ref);
  expect(token.ok && (await authority().accountOf(token.value.token))).toBe('box@example.org');
});

it('finishes a consent once, in the browser that began it, within ten minutes', async () => {
  const ref = await room.server(microsoft);
  const callback = await microsoft.consent(await room.start(ref));
  expect(await room.finish(callback, 'another session')).toMatchObject({ failure: { code: 'state-unknown' } });
  expect(await room.finish(callback)).toMatchObject({ ok: true });
  expect(await room.finish(callback)).toMatchObject({ failure: { code: 'state-unknown' } });
  const late = await microsoft.consent(await room.start(ref));
  room.clock.forward(10 * 60_000);
  expect(await room.finish(late)).toMatchObject({ failure: { code: 'state-expired' } });
  expect(await room.row(ref)).toMatchObject({ state: 'valid', last_error: { code: 'state-expired' } });
  late.searchParams.delete('state');
  expect(await room.finish(late)).toMatchObject({ failure: { code: 'state-unknown' } });
});

it.each([
  ['Microsoft', () => microsoft, () => ({})],
  ['any issuer', () => microsoft, () => CUSTOM(microsoft)],
] as const)('minds no clock that is minutes off, at %s', async (_name, authority, options) => {
  const ref = await room.server(authority(), options());
  for (const skewSeconds of [-240, 240]) {
    authority().persona.skewSeconds = skewSeconds;
    expect(await room.finish(await authority().consent(await room.start(ref)))).toMatchObject({ ok: true });
    expect((await room.row(ref)).access_expires_at!.getTime()).toBe(room.clock.now() + 3600_000);
  }
});

it('refuses the consent of another account, and keeps nothing of it', async () => {
  const ref = await room.server(microsoft);
  microsoft.persona.person = 'somebody.else@example.org';
  const answer = await room.finish(await microsoft.consent(await room.start(ref)));
  expect(answer).toMatchObject({ ok: false, failure: { code: 'wrong-account' } });
  expect(!answer.ok && answer.failure.message).toContain('somebody.else@example.org');
  expect(await room.row(ref)).toMatchObject({ state: 'needs-consent', refresh_token: null, access_token: null });
});

it('says why a consent without a refresh token is worth nothing', async () => {
  const ref = await room.server(google, GOOGLE);
  google.persona.omitsRefreshToken = true;
  const answer = await room.finish(await google.consent(await room.start(ref)));
  expect(answer).toMatchObject({ ok: false, failure: { code: 'no-refresh-token' } });
  expect(await room.row(ref)).toMatchObject({ state: 'needs-consent', access_token: null });
});

it('tells of a refusal in the words of the provider', async () => {
  const ref = await room.server(microsoft);
  microsoft.persona.denies = true;
  const answer = await room.finish(await microsoft.consent(await room.start(ref)));
  expect(answer).toMatchObject({ ok: false, failure: { code: 'consent-denied' }, ref: { serverId: ref.serverId } });
});

it('refuses an answer that another issuer signs', async () => {
  const ref = await room.server(microsoft, CUSTOM(microsoft));
  const callback = await microsoft.consent(await room.start(ref));
  callback.searchParams.set('iss', 'https://evil.example');
  expect(await room.finish(callback)).toMatchObject({ failure: { code: 'issuer-wrong' } });
});

it('takes the address back that a person pastes', async () => {
  const ref = await room.server(google, GOOGLE);
  const callback = await google.consent(await room.start(ref, 'session', 'localhost'));
  expect(callback.origin).toBe('http://localhost');
  expect(await room.finish(callback)).toMatchObject({ ok: true });
});

it('forgets a consent under way when the server signs in with something else', async () => {
  const ref = await room.server(microsoft);
  const callback = await microsoft.consent(await room.start(ref));
  const wanted = { flow: 'authorizationCode' as const, mailbox: 'new@example.org', sharedMailbox: null, scopes: [] };
  const application = { tenantId: ref.tenantId, id: ref.applicationId };
  await db.transaction((uow) => room.grants.attach(uow, ref, { ...wanted, application }, SYSTEM_ACTOR));
  expect(await room.finish(callback)).toMatchObject({ failure: { code: 'state-unknown' } });
});

it('hands over to a colleague by a link that works once', async () => {
  const ref = await room.server(microsoft);
  const link = await room.authorize.handOver(ref, SYSTEM_ACTOR);
  const token = link.ok ? link.value.token : '';
  expect(await room.authorize.handedOver(token)).toMatchObject({ row: { mailbox: 'box@example.org' } });
  const started = await room.authorize.startHandedOver(token, SYSTEM_ACTOR);
  expect(await room.authorize.startHandedOver(token, SYSTEM_ACTOR)).toMatchObject({
    failure: { code: 'state-unknown' },
  });
  if (!started.ok) throw new Error(started.failure.message);
  const callback = await microsoft.consent(started.value.url);
  expect(await room.finish(callback, started.value.binding)).toMatchObject({ ok: true });
});

it.each([
  ['Microsoft', () => microsoft, () => ({ flow: 'deviceCode' as const })],
  ['any issuer', () => google, () => ({ ...CUSTOM(google), flow: 'deviceCode' as const })],
  [
    'an issuer that describes itself',
    () => google,
    () => ({ ...CUSTOM(google), byIssuer: true, flow: 'deviceCode' as const }),
  ],
] as const)('signs in with a code on another device, at %s', async (_name, authority, options) => {
  const ref = await room.server(authority(), options());
  const started = await room.devices.start(ref, SYSTEM_ACTOR);
  if (!started.ok) throw new Error(started.failure.message);
  expect(await room.devices.underWay(ref)).toEqual(started.value);
  const polls = () => authority().tokenRequests.filter(({ grantType }) => grantType.endsWith('device_code')).length;
  const before = polls();
  await room.devices.run();
  expect(polls() - before).toBe(0);
  room.clock.forward(5_000);
  await Promise.all([room.devices.run(), restarted.devices.run()]);
  expect(polls() - before).toBe(1);
  authority().persona.slowsDown = 1;
  room.clock.forward(5_000);
  await room.devices.run();
  room.clock.forward(5_000);
  await room.devices.run();
  expect(polls() - before).toBe(2);
  await authority().enterCode(started.value.userCode);
  room.clock.forward(5_000);
  await restarted.devices.run();
  expect(await room.row(ref)).toMatchObject({ state: 'valid', account: 'box@example.org' });
  expect(await room.devices.underWay(ref)).toBeNull();
  room.clock.forward(3600_000);
  expect(await room.tokens.accessToken(ref)).toMatchObject({ ok: true });
});

it('ends a code that nobody entered', async () => {
  const ref = await room.server(microsoft, { flow: 'deviceCode' });
  await room.devices.start(ref, SYSTEM_ACTOR);
  room.clock.forward(3600_000);
  await room.devices.run();
  expect(await room.row(ref)).toMatchObject({ state: 'needs-consent', last_error: { code: 'device-expired' } });
});

it('ends a consent that nobody finished', async () => {
  const ref = await room.server(microsoft);
  await room.start(ref);
  room.clock.forward(3600_000);
  await room.devices.run();
  expect(await room.row(ref)).toMatchObject({ state: 'needs-consent', last_error: { code: 'state-expired' } });
});

it('writes down who asked, who consented and whose consent came to nothing', async () => {
  const ref = await room.server(microsoft);
  await room.signIn(microsoft, ref);
  const denied = new URL(CALLBACK);
  denied.searchParams.set('state', new URL(await room.start(ref)).searchParams.get('state') ?? '');
  denied.searchParams.set('error', 'access_denied');
  await room.finish(denied);
  await db.transaction((uow) => room.grants.forget(uow, ref, SYSTEM_ACTOR));
  const events = await db.query<{ action: string; actor: unknown; source: string | null }>(
    'SELECT action, actor, source FROM audit_event WHERE entity_type = $1 AND entity_id = $2 ORDER BY at, id',
    ['oauth-grant', ref.serverId],
  );
  const [person, source] = [PERSON.actor, '192.0.2.1'];
  expect(events).toEqual([
    { action: 'oauth-grant.consent-started', actor: person, source: null },
    { action: 'oauth-grant.consented', actor: person, source },
    { action: 'oauth-grant.consent-started', actor: person, source: null },
    { action: 'oauth-grant.consent-refused', actor: person, source },
    { action: 'oauth-grant.ended', actor: SYSTEM_ACTOR.actor, source: null },
  ]);
});
