import { afterAll, beforeAll, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type TestApp } from '../start/test-app.testing.js';
import { refuseBeyondScope } from './token-scopes.js';

let test: TestApp;
let session: { Cookie: string };
let system: { Cookie: string };
beforeAll(async () => {
  test = await startTestApp();
  const { emails } = await seedPeople(test);
  session = await signedIn(test.url, emails.admin);
  system = await signedIn(test.url, emails.system);
});
afterAll(() => test.close());

const token = (...scopes: string[]) => tokenOf(session, ...scopes);
async function tokenOf(whose: { Cookie: string }, ...scopes: string[]): Promise<Record<string, string>> {
  const { body } = await send(`${test.url}/api/account/api-tokens`, 'POST', { name: 'T', scopes }, whose);
  return { Authorization: `Bearer ${String(body['token'])}` };
}

const api = async (as: Record<string, string>, method: string, path: string, body?: unknown) => {
  const answer = await send(`${test.url}/api/${path}`, method, body, as);
  return answer.status < 400 ? 'done' : String(answer.body['code']);
};

it('lets every token look, and change only what its scope names', async () => {
  const [read, devices, mail, all] = [
    await token('read'),
    await token('devices'),
    await token('mail'),
    await token('all'),
  ];
  for (const as of [read, devices, mail, all])
    for (const path of ['devices', 'users', 'mail/deliveries', 'account'])
      expect([path, await api(as, 'GET', path)]).toEqual([path, 'done']);
  const customer = (name: string) => ['POST', 'customers', { name }] as const;
  expect(await api(read, ...customer('R'))).toBe('token-scope');
  expect(await api(mail, ...customer('M'))).toBe('token-scope');
  expect([await api(devices, ...customer('D')), await api(all, ...customer('A'))]).toEqual(['done', 'done']);
  const invitation = { email: 'by-token@example.org', role: 'tenant-operator' };
  for (const as of [await token('devices', 'mail'), all])
    expect(await api(as, 'POST', 'users', invitation)).toBe('token-scope');
  expect(await api(await token('people'), 'POST', 'users', invitation)).toBe('done');
});

it('lets no token change the account of its owner, whatever its scope', async () => {
  const all = await token('all');
  for (const [method, path, body] of [
    ['POST', 'account/api-tokens', { name: 'Offspring', scopes: ['all'] }],
    ['POST', 'account/password', { currentPassword: 'x', newPassword: 'three wise owls hoot' }],
    ['POST', 'account/address', { email: 'x@example.org', currentPassword: 'x' }],
    ['PUT', 'account', { name: 'x', language: null, timeZone: null }],
    ['DELETE', 'account/sessions', undefined],
  ] as const)
    expect([path, await api(all, method, path, body)]).toEqual([path, 'session-needed']);
});

it('lets no token change how people sign in, nor make a way around a password or a second factor', async () => {
  const all = await token('all');
  const { id } = (await send(`${test.url}/api/account`, 'GET', undefined, session)).body;
  for (const [method, path, body] of [
    ['PUT', 'sign-in-policy', { twoFactorRequiredFor: [] }],
    ['PUT', 'identity-provider', {}],
    ['DELETE', 'identity-provider', undefined],
    ['DELETE', `users/${String(id)}/two-factor`, undefined],
    ['POST', `users/${String(id)}/link`, undefined],
  ] as const)
    expect([path, await api(all, method, path, body)]).toEqual([path, 'session-needed']);
  expect(await api(session, 'POST', `users/${String(id)}/link`)).toBe('done');
});

it('lets no token write the mails that carry links, of a tenant or of the system', async () => {
  const text = { subject: 'S', html: '<a href="https://evil.example/?{{link}}">{{link}}</a>', text: null, revision: 0 };
  const [all, ofSystem] = [await token('all'), await tokenOf(system, 'all', 'mail', 'people')];
  for (const as of [all, ofSystem])
    expect(await api(as, 'PUT', 'mail/templates/password-reset/en', text)).toBe('session-needed');
});

it('lets no token of a system administrator set up what carries the links of everybody, or read its inbox', async () => {
  const ofSystem = await tokenOf(system, 'all', 'mail', 'people');
  for (const [method, path] of [
    ['POST', 'mail/servers'],
    ['POST', 'mail/secrets'],
    ['POST', 'mail/connectors'],
    ['POST', 'mail/oauth/applications'],
    ['GET', 'inbox/messages'],
    ['GET', 'inbox/messages/00000000-0000-7000-8000-000000000001/source'],
  ] as const)
    expect([path, await api(ofSystem, method, path, method === 'GET' ? undefined : {})]).toEqual([
      path,
      'session-needed',
    ]);
  expect(
    await api(await token('mail'), 'POST', 'mail/secrets', { name: 'S', value: { change: 'set', value: 'x' } }),
  ).toBe('done');
  expect(await api(await token('read'), 'GET', 'inbox/messages')).toBe('done');
});

it('lets a script make tenants, and their first administrators where it was made for people, too', async () => {
  const script = await tokenOf(system, 'all', 'people');
  const { body } = await send(`${test.url}/api/tenants`, 'POST', { name: 'By script' }, script);
  const first = { email: 'first@example.org', role: 'tenant-administrator', tenantId: body['id'] };
  expect(await api(await tokenOf(system, 'all'), 'POST', 'users', first)).toBe('token-scope');
  expect(await api(script, 'POST', 'users', first)).toBe('done');
});

it('says which scope is missing', () => {
  const asked = (method: string, route: string) => ({ method, route, role: 'tenant-administrator' }) as const;
  const refuse =
    (method: string, route: string, ...scopes: Parameters<typeof refuseBeyondScope>[1]) =>
    () =>
      refuseBeyondScope(asked(method, route), scopes);
  expect(refuse('POST', '/api/mail/servers', 'read', 'devices')).toThrow('It needs the scope "mail".');
  expect(refuse('POST', '/api/users', 'all')).toThrow('It needs the scope "people".');
  expect(refuse('POST', '/api/mailing', 'mail', 'people')).toThrow('It needs the scope "all".');
  expect(refuse('DELETE', '/api/devices/:id', 'devices')).not.toThrow();
  for (const deed of ['acknowledge', 'mute', 'unmute', 'comments'])
    expect(refuse('POST', `/api/alarms/:id/${deed}`, 'devices')).not.toThrow();
});

it('gives a token no more than a look unless asked', async () => {
  const { body } = await send(`${test.url}/api/account/api-tokens`, 'POST', { name: 'Plain' }, session);
  expect(body).toMatchObject({ scopes: ['read'] });
});
