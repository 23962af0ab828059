import { afterAll, beforeAll, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type TestApp } from '../start/test-app.testing.js';
import { refuseBeyondScope } from './token-scopes.js';

let test: TestApp;
let session: { Cookie: string };
beforeAll(async () => {
  test = await startTestApp();
  const { emails } = await seedPeople(test);
  session = await signedIn(test.url, emails.admin);
});
afterAll(() => test.close());

async function token(...scopes: string[]): Promise<Record<string, string>> {
  const { body } = await send(`${test.url}/api/account/api-tokens`, 'POST', { name: 'T', scopes }, session);
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
  expect(await api(await token('devices', 'mail'), 'POST', 'users', invitation)).toBe('token-scope');
  expect(await api(all, 'POST', 'users', invitation)).toBe('done');
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

it('says which scope is missing', () => {
  expect(() => refuseBeyondScope('POST', '/api/mail/servers', ['read', 'devices'])).toThrow(
    'It needs the scope "mail".',
  );
  expect(() => refuseBeyondScope('POST', '/api/mailing', ['mail'])).toThrow('It needs the scope "all".');
  expect(() => refuseBeyondScope('DELETE', '/api/devices/:id', ['devices'])).not.toThrow();
});

it('gives a token no more than a look unless asked', async () => {
  const { body } = await send(`${test.url}/api/account/api-tokens`, 'POST', { name: 'Plain' }, session);
  expect(body).toMatchObject({ scopes: ['read'] });
});
