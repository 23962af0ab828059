import { request as rawRequest } from 'node:http';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type TestApp } from '../../start/test-app.testing.js';
import { Mailbox } from '../mailbox.testing.js';
import { LinkRequestWorker } from '../requests/link-request-worker.js';

const CHOSEN = 'three wise owls hoot';

let test: TestApp;
let mailbox: Mailbox;
let admin: { Cookie: string };
beforeAll(async () => {
  test = await startTestApp();
  const { emails } = await seedPeople(test);
  mailbox = await Mailbox.of(test);
  admin = await signedIn(test.url, emails.admin);
});
afterAll(() => test.close());
beforeEach(() => test.database.query('DELETE FROM sign_in_count'));

const post = (path: string, body: unknown, headers?: Record<string, string>) =>
  send(`${test.url}/api/${path}`, 'POST', body, headers);
const look = (token: string) => post('auth/links/look', { token });
const activate = (token: string, more: object = {}) =>
  post('auth/links/activate', { token, password: CHOSEN, ...more });
const worked = () => test.app.get(LinkRequestWorker).run();

/** @returns the user's id and the token of the mail */
async function invited(email: string, more: object = {}): Promise<{ id: string; token: string }> {
  const { body } = await post('users', { email, role: 'tenant-operator', ...more }, admin);
  return { id: String(body['id']), token: await mailbox.tokenOf(email, 'activation') };
}

const stateOf = async (id: string): Promise<unknown> => {
  const { body } = await send(`${test.url}/api/users/${id}`, 'GET', undefined, admin);
  return (body['invitation'] as { state: unknown }).state;
};

it('tells the page whom the link is for, and burns nothing, however often a scanner looks', async () => {
  const { id, token } = await invited('ada@example.org', { name: 'Ada', language: 'de' });
  for (let scan = 0; scan < 5; scan += 1) {
    expect(await look(token)).toMatchObject({
      status: 200,
      body: {
        purpose: 'activation',
        email: 'ada@example.org',
        name: 'Ada',
        tenant: { name: 'Plant' },
        language: 'de',
        expiresAt: expect.any(Number),
      },
    });
    expect((await fetch(`${test.url}/activate?token=${token}`)).status).toBeLessThan(500);
  }
  expect(await stateOf(id)).toBe('opened');
  expect((await activate(token)).status).toBe(200);
});

it('sets the password, signs in, tells the person, and works once', async () => {
  const { id, token } = await invited('grace@example.org');
  const active = await activate(token, { name: 'Grace', language: 'de', timeZone: 'Europe/Berlin' });
  expect(active).toMatchObject({
    status: 200,
    body: { user: { id, name: 'Grace', role: 'tenant-operator', language: 'de', timeZone: 'Europe/Berlin' } },
  });
  const cookie = { Cookie: active.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '' };
  expect((await send(`${test.url}/api/session`, 'GET', undefined, cookie)).status).toBe(200);
  expect((await post('auth/sign-in', { email: 'grace@example.org', password: CHOSEN })).status).toBe(200);
  expect((await mailbox.last('grace@example.org', 'account-activated'))?.variables).toMatchObject({
    link: 'http://signalpost.test/sign-in',
  });
  expect(await stateOf(id)).toBe('activated');
  for (const again of [await activate(token), await look(token)])
    expect(again).toMatchObject({ status: 410, body: { code: 'link-invalid' } });
});

it('activates once, of many who use the link at the same moment', async () => {
  const { token } = await invited('rush@example.org');
  const answers = await Promise.all(Array.from({ length: 5 }, () => activate(token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410]);
});

it('refuses a password that is easy to guess, and the link still works afterwards', async () => {
  const { token } = await invited('margaret.hamilton@example.org');
  for (const [password, message] of [
    ['short', 'must have at least 12 characters'],
    ['aaaaaaaaaaaabbbb', 'must have at least 5 different characters'],
    ['Password2026!', 'is among the first that are guessed'],
    ['Margaret.Hamilton-1', 'must not contain your own address'],
  ])
    expect(await activate(token, { password })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/password', message }] },
    });
  expect((await activate(token)).status).toBe(200);
});

it('keeps the links of earlier mails alive until one of them is used', async () => {
  const { id, token } = await invited('late@example.org');
  await post(`users/${id}/invitation`, undefined, admin);
  const { body } = await post(`users/${id}/link`, undefined, admin);
  const shown = new URL(String(body['url'])).searchParams.get('token') ?? '';
  const newer = await mailbox.tokenOf('late@example.org', 'activation');
  for (const each of [token, newer, shown]) expect((await look(each)).status).toBe(200);
  expect((await activate(token)).status).toBe(200);
  for (const each of [newer, shown]) expect((await look(each)).status).toBe(410);
});

it('lets the invited person ask for a new mail when the link has expired, and answers alike whatever the link is', async () => {
  const { id, token } = await invited('slow@example.org');
  await test.database.query('UPDATE account_link SET expires_at = now() WHERE user_id = $1', [id]);
  expect(await look(token)).toMatchObject({ status: 410, body: { code: 'link-expired' } });
  expect(await activate(token)).toMatchObject({ status: 410, body: { code: 'link-expired' } });
  const { token: working } = await invited('quick@example.org');
  const answers = await Promise.all(
    [token, working, 'no-link-at-all'].map((each) => post('auth/links/renew', { token: each })),
  );
  expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([204, { text: '' }]));
  await worked();
  const mails = async (email: string) => (await mailbox.to(email)).length;
  expect([await mails('slow@example.org'), await mails('quick@example.org')]).toEqual([2, 1]);
  expect((await activate(await mailbox.tokenOf('slow@example.org', 'activation'))).status).toBe(200);
});

it('ends the links of a user who is disabled or deleted', async () => {
  const { id, token } = await invited('gone@example.org');
  await post(`users/${id}/disable`, undefined, admin);
  expect((await activate(token)).status).toBe(410);
  await post(`users/${id}/enable`, undefined, admin);
  expect((await look(token)).status).toBe(200);
  await send(`${test.url}/api/users/${id}`, 'DELETE', undefined, admin);
  expect((await look(token)).status).toBe(410);
});

it('makes links from the configured address alone, whatever the request says its host is', async () => {
  const hostile = await new Promise<number>((resolve, reject) => {
    const body = JSON.stringify({ email: 'victim@example.org', role: 'tenant-operator' });
    const headers = {
      ...admin,
      Host: 'evil.example',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example;proto=https',
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Requested-With': 'signalpost',
    };
    const sent = rawRequest(`${test.url}/api/users`, { method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject).end(body);
  });
  expect(hostile).toBe(201);
  const mail = await mailbox.last('victim@example.org', 'activation');
  expect(mail?.variables['link']).toMatch(/^http:\/\/signalpost\.test\/activate\?token=/);
  expect(JSON.stringify(mail)).not.toContain('evil.example');
});

it('uses a link for what it was made for, and nothing else', async () => {
  const { token } = await invited('crossed@example.org');
  for (const path of ['reset-password', 'confirm-address', 'unlock'])
    expect([
      path,
      (await post(`auth/links/${path}`, path === 'reset-password' ? { token, password: CHOSEN } : { token })).status,
    ]).toEqual([path, 410]);
  expect((await look(token)).status).toBe(200);
});

it('says its rules of passwords as data', async () => {
  const { body } = await send(`${test.url}/api/auth/password-policy`, 'GET');
  expect(body).toMatchObject({ minLength: 12, maxLength: 256, minDistinctCharacters: 5, ownAddressPart: 4 });
  expect(body['commonWords']).toContain('passwort');
});
