import { request as plainRequest } from 'node:http';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { type FakeSmtp, type ReceivedMail, startSmtp } from '../fakes/smtp-server.js';
import { Product } from '../stack/product.js';
import { smtp } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';

const SYSTEM = { email: 'sysadmin@example.org', password: 'a-long-enough-secret' };
const OWLS = 'three wise owls hoot';
const BEARS = 'four brown bears dance';
const PUBLIC_URL = 'https://signalpost.example.org';

let mailbox: FakeSmtp;
let product: Product;
let system: Visitor;
beforeAll(async () => {
  mailbox = await startSmtp();
  product = await Product.prepare({ env: { PUBLIC_URL, LOG_LEVEL: 'trace' } });
  product.provision({ system: { admins: [SYSTEM], mailServers: [{ ...smtp(mailbox.port), name: 'SYSTEM' }] } });
  await product.start();
  system = await product.signIn(SYSTEM.email, SYSTEM.password);
});
afterAll(async () => {
  await product.dispose();
  await mailbox.stop();
});

/** Every token that a mail or an answer has shown. */
const tokens: string[] = [];

/** The next mail to somebody whose link opens this page. */
async function mailTo(address: string, page: string, not: readonly ReceivedMail[] = []): Promise<ReceivedMail> {
  const isIt = (mail: ReceivedMail) =>
    mail.recipients.includes(address) && (mail.mail.text ?? '').includes(`${PUBLIC_URL}${page}`) && !not.includes(mail);
  return until(`a mail to ${address} with ${page}`, () => mailbox.mails.find(isIt));
}

function tokenIn({ mail }: ReceivedMail): string {
  const token = /\?token=([\w-]{43})/.exec(mail.text ?? '')?.[1] ?? '';
  tokens.push(token);
  return token;
}

const post = (visitor: Visitor, path: string, body?: unknown) => visitor.send('POST', `/api/${path}`, body);
const signIn = async (email: string, password: string, visitor = product.visitor()): Promise<number> =>
  (await post(visitor, 'auth/sign-in', { email, password })).status;

interface InvitedUser {
  readonly id: string;
  readonly invitation: { readonly state: string; readonly reply: string | null };
}

const tenantAdmin = { email: 'ada@example.org', visitor: undefined as Visitor | undefined };

it('brings a tenant administrator in by mail, whatever mail scanners do with the link', async () => {
  const tenant = await system.post<{ id: string }>('/api/tenants', { name: 'Mill' });
  const invited = await system.post<InvitedUser>('/api/users', {
    email: tenantAdmin.email,
    name: 'Ada',
    role: 'tenant-administrator',
    tenantId: tenant.id,
  });
  const mail = await mailTo(tenantAdmin.email, '/activate');
  expect(mail.subject).toBe('Activate your account at Signalpost');
  const row = () => system.get<InvitedUser>(`/api/users/${invited.id}`);
  await until('the server’s answer', async () => (await row()).invitation.state === 'accepted');
  expect((await row()).invitation.reply).toMatch(/^250/);

  const token = tokenIn(mail);
  const scanner = product.visitor();
  for (let scan = 0; scan < 3; scan += 1) {
    for (const method of ['GET', 'HEAD']) await scanner.send(method, `/activate?token=${token}`);
    expect((await post(scanner, 'auth/links/look', { token })).status).toBe(200);
  }
  expect((await row()).invitation.state).toBe('opened');

  const ada = product.visitor();
  const session = await ada.post<{ user: object }>('/api/auth/links/activate', { token, password: OWLS });
  expect(session.user).toMatchObject({ email: tenantAdmin.email, name: 'Ada', role: 'tenant-administrator' });
  expect(await ada.list('/api/users')).toHaveLength(1);
  expect((await row()).invitation.state).toBe('activated');
  expect((await post(scanner, 'auth/links/activate', { token, password: BEARS })).status).toBe(410);
  await mailTo(tenantAdmin.email, '/sign-in');
  tenantAdmin.visitor = ada;
});

it('invites a customer user in another language', async () => {
  const ada = tenantAdmin.visitor!;
  const customer = await ada.post<{ id: string }>('/api/customers', { name: 'Dairy' });
  const email = 'heidi@example.org';
  await ada.post('/api/users', {
    email,
    name: 'Heidi',
    role: 'customer-user',
    customerId: customer.id,
    language: 'de',
  });
  const mail = await mailTo(email, '/activate');
  expect(mail.subject).toBe('Aktivieren Sie Ihr Konto bei Signalpost');
  const heidi = product.visitor();
  const activated = await heidi.post<{ user: object }>('/api/auth/links/activate', {
    token: tokenIn(mail),
    password: OWLS,
  });
  expect(activated.user).toMatchObject({ role: 'customer-user', language: 'de' });
  expect((await heidi.send('GET', '/api/users')).status).toBe(403);
});

it('sets a forgotten password anew, and ends the sessions', async () => {
  const visitor = product.visitor();
  const answers = await Promise.all(
    [tenantAdmin.email, 'nobody@example.org'].map((email) => post(visitor, 'auth/password-reset', { email })),
  );
  expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  const token = tokenIn(await mailTo(tenantAdmin.email, '/reset'));
  expect((await post(visitor, 'auth/links/reset-password', { token, password: BEARS })).status).toBe(204);
  await mailTo(tenantAdmin.email, '/forgot-password');
  expect((await tenantAdmin.visitor!.send('GET', '/api/session')).status).toBe(401);
  expect([await signIn(tenantAdmin.email, OWLS), await signIn(tenantAdmin.email, BEARS)]).toEqual([401, 200]);
  expect(mailbox.mails.flatMap(({ recipients }) => recipients)).not.toContain('nobody@example.org');
});

it('locks after wrong passwords, opens by the link in the mail, and never closes out a known browser', async () => {
  const known = product.visitor();
  expect(await signIn(tenantAdmin.email, BEARS, known)).toBe(200);
  for (let guess = 0; guess < 10; guess += 1) await signIn(tenantAdmin.email, 'wrong');
  const token = tokenIn(await mailTo(tenantAdmin.email, '/unlock'));
  const locked = await post(product.visitor(), 'auth/sign-in', { email: tenantAdmin.email, password: BEARS });
  expect([429, 401]).toContain(locked.status); // by the source that guessed, or by the account
  expect((await post(product.visitor(), 'auth/links/unlock', { token })).status).toBe(204);
  expect((await post(product.visitor(), 'auth/links/unlock', { token })).status).toBe(410);
  expect((await known.send('GET', '/api/session')).status).toBe(200);
  expect(await signIn(tenantAdmin.email, BEARS)).toBe(200);
  tenantAdmin.visitor = known;
});

it('moves an account to another address: confirmed by the new one, told to the old one', async () => {
  const ada = tenantAdmin.visitor!;
  const asked = await post(ada, 'account/address', { email: 'ada@new.example.org', currentPassword: BEARS });
  expect(asked.status).toBe(204);
  const token = tokenIn(await mailTo('ada@new.example.org', '/confirm-address'));
  const confirmed = await product.visitor().post('/api/auth/links/confirm-address', { token });
  expect(confirmed).toEqual({ email: 'ada@new.example.org' });
  tokenIn(await mailTo('ada@example.org', '/confirm-address'));
  expect(await ada.get('/api/account')).toMatchObject({ email: 'ada@new.example.org', pendingAddress: null });
});

/** fetch() sets the header Host itself. */
const withHost = (path: string, host: string, body: object): Promise<number> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = {
      Host: host,
      'X-Forwarded-Host': host,
      'X-Requested-With': 'signalpost',
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(text)),
    };
    const sent = plainRequest(`${product.url}${path}`, { method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject).end(text);
  });

it('puts no host of a request into a mail', async () => {
  const before = [...mailbox.mails];
  expect(await withHost('/api/auth/password-reset', 'evil.example', { email: 'heidi@example.org' })).toBe(204);
  const mail = await mailTo('heidi@example.org', '/reset', before);
  tokenIn(mail);
  for (const text of [mail.mail.text, mail.mail.html, JSON.stringify([...mail.mail.headers])])
    expect(String(text)).not.toContain('evil.example');
});

it('tells who can fix it why an invitation was refused, and shows the link instead', async () => {
  await mailbox.stop();
  mailbox = await startSmtp({ port: mailbox.port, refuses: '5.1.1 no such mailbox' });
  const invited = await system.post<InvitedUser>('/api/users', {
    email: 'typo@example.org',
    role: 'system-administrator',
  });
  const row = () =>
    system
      .get<InvitedUser & { invitation: { advice: string } }>(`/api/users/${invited.id}`)
      .then(({ invitation }) => invitation);
  await until('the refusal', async () => (await row()).state === 'refused');
  expect(await row()).toMatchObject({
    reply: expect.stringContaining('no such mailbox'),
    advice: expect.stringMatching(/\w+/),
  });
  const { url } = await system.post<{ url: string }>(`/api/users/${invited.id}/link`);
  const token = new URL(url).searchParams.get('token') ?? '';
  tokens.push(token);
  expect(url).toBe(`${PUBLIC_URL}/activate?token=${token}`);
  expect((await post(product.visitor(), 'auth/links/activate', { token, password: OWLS })).status).toBe(200);
});

it('has a way in from the command line when no mail server and no administrator can help', async () => {
  const { code, output } = await product.cli('link', 'HEIDI@example.org');
  expect(code).toBe(0);
  const token = /^https:\/\/signalpost\.example\.org\/reset\?token=([\w-]{43})$/m.exec(output)?.[1] ?? '';
  expect((await post(product.visitor(), 'auth/links/reset-password', { token, password: BEARS })).status).toBe(204);
  expect(await signIn('heidi@example.org', BEARS)).toBe(200);
  expect(await product.cli('link', 'nobody@example.org')).toMatchObject({
    code: 1,
    output: expect.stringContaining('No active user has the address nobody@example.org.'),
  });
});

it('writes no link into its log', () => {
  expect(tokens.filter((token) => token !== '').length).toBeGreaterThan(6);
  expect(tokens.filter((token) => token === '' || product.output.includes(token))).toEqual([]);
});
