import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { CLIENTS, startAuthority } from '../fakes/oauth/authority.js';
import { CA_FILE, type FakeSmtp, startSmtp } from '../fakes/smtp-server.js';
import { Product } from '../stack/product.js';
import { smtp } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';

const SYSTEM = { email: 'sysadmin@example.org', password: 'a-long-enough-secret' };
const ADA = { email: 'ada@example.org', password: 'three wise owls hoot' };

let mailbox: FakeSmtp;
let product: Product;
beforeAll(async () => {
  mailbox = await startSmtp();
  product = await Product.prepare({ env: { NODE_EXTRA_CA_CERTS: CA_FILE } });
  product.provision({
    system: { admins: [SYSTEM], mailServers: [{ ...smtp(mailbox.port), name: 'SYSTEM' }] },
    tenants: [{ name: 'Mill', admins: [ADA] }],
  });
  await product.start();
});
afterAll(async () => {
  await product.dispose();
  await mailbox.stop();
});

interface Waits {
  readonly secondFactor?: { readonly ways: readonly string[]; readonly enrol: boolean };
}

const signIn = (visitor: Visitor, { email, password }: typeof ADA) =>
  visitor.post<Waits>('/api/auth/sign-in', { email, password });
const whoIs = async (visitor: Visitor) => (await visitor.send('GET', '/api/session')).status;

/** The six digits of the newest mail with a code. */
async function mailedCode(count: number): Promise<string> {
  const mails = await until('the mail with the code', () => {
    const found = mailbox.mails.filter(({ subject }) => subject === 'Your sign-in code for Signalpost');
    return found.length >= count && found;
  });
  return /\b\d{6}\b/.exec(mails.at(-1)?.mail.text ?? '')?.[0] ?? '';
}

/** RFC 6238, as an authenticator app has it. */
function appCode(secret: string): string {
  const bits = Array.from(secret, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 0xf) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

it('mails a code to who wants that, lets in with it once, and keeps it out of the log', async () => {
  const ada = product.visitor();
  await signIn(ada, ADA);
  await ada.send('PUT', '/api/account/two-factor/email-codes', { enabled: true, currentPassword: ADA.password });

  const browser = product.visitor();
  expect((await signIn(browser, ADA)).secondFactor).toMatchObject({ ways: ['email'], enrol: false });
  expect(await whoIs(browser)).toBe(401);
  await browser.post('/api/auth/second-factor/email');
  const code = await mailedCode(1);
  await browser.post('/api/auth/second-factor', { way: 'email', code });
  expect(await whoIs(browser)).toBe(200);

  const again = product.visitor();
  await signIn(again, ADA);
  expect((await again.send('POST', '/api/auth/second-factor', { way: 'email', code })).status).toBe(401);
  expect(product.output).not.toContain(code);
  await browser.post('/api/account/two-factor/disable', { currentPassword: ADA.password });
});

it('lets the system administrator ask for a second factor everywhere; people set it up at their next sign-in', async () => {
  const system = product.visitor();
  await signIn(system, SYSTEM);
  await system.send('PUT', '/api/sign-in-policy', { twoFactorRequiredFor: ['tenant-administrator'] });
  const browser = product.visitor();
  expect((await signIn(browser, ADA)).secondFactor).toMatchObject({ ways: [], enrol: true });
  const { secret } = await browser.post<{ secret: string }>('/api/auth/second-factor/enrol');
  const { recoveryCodes } = await browser.post<{ recoveryCodes: string[] }>('/api/auth/second-factor/enrol/confirm', {
    code: appCode(secret),
  });
  expect(await whoIs(browser)).toBe(200);

  const another = product.visitor();
  expect((await signIn(another, ADA)).secondFactor?.ways).toEqual(['totp', 'recovery-code']);
  await another.post('/api/auth/second-factor', { way: 'recovery-code', code: recoveryCodes[0] });
  expect(await whoIs(another)).toBe(200);
  await system.send('PUT', '/api/sign-in-policy', { twoFactorRequiredFor: [] });
  await another.post('/api/account/two-factor/disable', { currentPassword: ADA.password });
});

it('signs people in at the identity provider of their tenant, and makes an account for who is new', async () => {
  const ada = product.visitor();
  await signIn(ada, ADA);
  const { tenant } = await ada.get<{ tenant: { id: string } }>('/api/session');
  const path = `/api/auth/oidc/${tenant.id}`;
  const publicUrl = `http://localhost:${product.env['PORT'] ?? ''}`;
  const authority = await startAuthority({ kind: 'google', redirectUris: [`${publicUrl}${path}/callback`] });
  try {
    Object.assign(authority.persona, { person: 'grace@example.org' });
    const saved = await ada.send('PUT', '/api/identity-provider', {
      name: 'Mill directory',
      issuer: authority.issuer,
      clientId: CLIENTS.confidential.id,
      clientSecret: { change: 'set', value: CLIENTS.confidential.secret },
      allowedDomains: ['example.org'],
      newUsers: 'create',
      role: 'tenant-operator',
      customerId: null,
      active: true,
    });
    expect(saved.status).toBe(200);
    const begun = await fetch(`${product.url}${path}/start?returnUrl=/alarms`, { redirect: 'manual' });
    const back = await authority.consent(begun.headers.get('location') ?? '');
    const cookie = begun.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    const ended = await fetch(`${product.url}${back.pathname}${back.search}`, {
      redirect: 'manual',
      headers: { Cookie: cookie },
    });
    expect(ended.headers.get('location')).toBe(`${publicUrl}/alarms`);
    const session = ended.headers.getSetCookie().find((one) => one.startsWith('signalpost_session=')) ?? '';
    const answer = await fetch(`${product.url}/api/session`, { headers: { Cookie: session.split(';', 1)[0] ?? '' } });
    expect(await answer.json()).toMatchObject({
      user: { email: 'grace@example.org', role: 'tenant-operator' },
      tenant: { name: 'Mill' },
    });
    expect(product.output).not.toContain(CLIENTS.confidential.secret);
  } finally {
    await authority.close();
  }
});
