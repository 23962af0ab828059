import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import { afterEach, expect, it } from 'vitest';

import { CLIENTS } from '../fakes/oauth/authority.js';
import { CA_FILE } from '../fakes/smtp-server.js';
import { MAILBOX, OAuthStack } from '../stack/oauth-stack.js';
import { Product } from '../stack/product.js';
import { TOKEN } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

type Prepare = Parameters<typeof OAuthStack.prepare>;
async function prepared(...parameters: Prepare): Promise<OAuthStack> {
  const stack = await OAuthStack.prepare(...parameters);
  cleanUp.push(() => stack.dispose());
  return stack;
}

interface Grant {
  readonly state: string;
  readonly account: string | null;
  readonly lastError: { readonly code: string; readonly message: string; readonly advice: string } | null;
}
const SMTP_SCOPES = ['https://outlook.office.com/SMTP.Send', 'offline_access', 'openid', 'profile'];
const APP_ONLY = { kind: 'oauth2', flow: 'clientCredentials', username: MAILBOX, scopes: ['smtp.send'] };

const serverId = async (admin: Visitor): Promise<string> =>
  (await admin.get<{ items: { id: string }[] }>('/api/mail/servers')).items[0]!.id;
const grantOf = (admin: Visitor, id: string): Promise<Grant> => admin.get<Grant>(`/api/mail/servers/${id}/oauth`);
const grantIn = (admin: Visitor, id: string, state: string): Promise<Grant> =>
  until(`the grant to be ${state}`, async () => {
    const grant = await grantOf(admin, id);
    return grant.state === state && grant;
  });
const failureOf = (admin: Visitor, code: string) =>
  until(`a mail that waits for ${code}`, async () => {
    const waiting = await admin.list<{ failure: { code: string; message: string } | null }>(
      '/api/mail/deliveries?state=waiting',
    );
    return waiting.find(({ failure }) => failure?.code === code)?.failure ?? false;
  });

/** A tenant over a server that a person signs in for. */
async function signedIn(kind: Prepare[0], flow: string, more: object = {}, settings: object = {}) {
  const stack = await prepared(kind);
  const provider = kind === 'microsoft' ? 'microsoft-365' : 'google';
  const scopes = kind === 'microsoft' ? SMTP_SCOPES : ['https://mail.google.com/', 'openid', 'email'];
  const auth = { kind: 'oauth2', flow, username: MAILBOX, scopes, ...stack.application(), ...more };
  stack.provision({ provider, ...stack.settings(auth, settings) });
  await stack.product.start();
  const admin = await stack.admin();
  return { stack, admin, id: await serverId(admin) };
}

it('sends with a token of the application itself, as the provisioning file says', async () => {
  const stack = await prepared('microsoft');
  stack.provision({ provider: 'custom', ...stack.settings({ ...APP_ONLY, ...stack.application() }) });
  await stack.product.start();
  await stack.say('1', '2');
  const mails = await stack.smtp.waitFor(2);
  expect(mails.map(({ subject }) => subject).sort()).toEqual(['1', '2']);
  expect(new Set(stack.smtp.signIns.users)).toEqual(new Set([MAILBOX]));
  expect(stack.authority.tokenRequests.map(({ grantType }) => grantType)).toEqual(['client_credentials']);
  expect(stack.product.output).not.toContain(CLIENTS.confidential.secret);
});

it.each(['microsoft', 'google'] as const)('waits for a person to sign in at %s, and sends then', async (kind) => {
  const { stack, admin, id } = await signedIn(kind, 'authorizationCode');
  await stack.say('1');
  expect((await failureOf(admin, 'no-access-token')).message).toContain('Sign in on the page of the mail server.');
  expect((await stack.consent(admin, id)).status).toBe(200);
  expect(await grantOf(admin, id)).toMatchObject({ state: 'valid', account: MAILBOX });
  expect(await stack.smtp.waitFor(1)).toMatchObject([{ subject: '1' }]);
  expect(stack.smtp.signIns).toEqual({ users: [MAILBOX], refused: 0 });
});

it('sends after somebody entered the code of the device elsewhere', async () => {
  const client = { clientId: CLIENTS.public.id, clientSecret: undefined };
  const { stack, admin, id } = await signedIn('microsoft', 'deviceCode', client);
  stack.authority.persona.interval = 1;
  const { userCode } = await admin.post<{ userCode: string }>(`/api/mail/servers/${id}/oauth/device`);
  await stack.authority.enterCode(userCode);
  await grantIn(admin, id, 'valid');
  await stack.say('1');
  await stack.smtp.waitFor(1);
});

it('sends with the key of a service account, as the mailbox that it acts for', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (key: KeyObject) =>
    key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();
  const stack = await prepared('google', { serviceAccountKey: pem(publicKey) });
  const account = { email: 'signalpost@project.iam.gserviceaccount.com', privateKey: pem(privateKey) };
  const { tokenUrl } = stack.authority.endpoints;
  const auth = { kind: 'oauth2', flow: 'serviceAccount', username: MAILBOX, serviceAccount: account, tokenUrl };
  stack.provision({ provider: 'google', ...stack.settings(auth) });
  await stack.product.start();
  await stack.say('1');
  await stack.smtp.waitFor(1);
  expect(stack.smtp.signIns).toEqual({ users: [MAILBOX], refused: 0 });
});

it('sends as a shared mailbox with the token of who may send for it', async () => {
  const { stack, admin, id } = await signedIn('microsoft', 'authorizationCode', {
    sharedMailbox: 'alarms@example.org',
  });
  stack.persona.oauth = { ...stack.persona.oauth!, delegates: { 'alarms@example.org': [MAILBOX] } };
  await stack.consent(admin, id);
  await stack.say('1');
  await stack.smtp.waitFor(1);
  expect(stack.smtp.signIns.users).toEqual(['alarms@example.org']);
});

it('lets the mail server itself tell who consented where the provider does not', async () => {
  const stack = await prepared('microsoft', { person: 'somebody@example.org' });
  const scopes = ['smtp.send', 'offline_access'];
  const auth = { kind: 'oauth2', flow: 'authorizationCode', username: MAILBOX, scopes, ...stack.application() };
  stack.provision({ provider: 'custom', ...stack.settings(auth) });
  await stack.product.start();
  const admin = await stack.admin();
  const id = await serverId(admin);
  const refused = await stack.consent(admin, id);
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining('Somebody else than the mailbox'),
  ]);
  expect(await grantOf(admin, id)).toMatchObject({ state: 'needs-consent', lastError: { code: 'wrong-account' } });
  stack.authority.persona.person = MAILBOX;
  expect((await stack.consent(admin, id)).status).toBe(200);
  expect(await grantOf(admin, id)).toMatchObject({ state: 'valid' });
});

it('asks for one token however many mails wait for it', async () => {
  const { stack, admin, id } = await signedIn('microsoft', 'authorizationCode', {});
  await stack.consent(admin, id);
  await stack.expireAccessToken();
  const before = stack.authority.tokenRequests.length;
  await stack.say(...Array.from({ length: 40 }, (_, index) => String(index)));
  await stack.smtp.waitFor(40);
  expect(stack.authority.tokenRequests.slice(before).map(({ grantType, status }) => [grantType, status])).toEqual([
    ['refresh_token', 200],
  ]);
});

it('keeps a rotating token alive while two instances race for it', async () => {
  const { stack, admin, id } = await signedIn('microsoft', 'authorizationCode');
  await stack.consent(admin, id);
  const { databaseUrl: DATABASE_URL, env } = stack.product;
  const keys = { SECRET_KEYS: env['SECRET_KEYS'], NODE_EXTRA_CA_CERTS: CA_FILE };
  const other = await Product.start({ env: { DATABASE_URL, ...keys } });
  cleanUp.push(() => other.dispose());
  for (let round = 1; round <= 3; round += 1) {
    await stack.expireAccessToken();
    const ids = Array.from({ length: 10 }, (_, index) => `${round}-${index}`);
    await Promise.all([stack.say(...ids), ...ids.map((mail) => other.telemetry(TOKEN, { id: `other-${mail}` }))]);
    await stack.smtp.waitFor(20 * round);
  }
  expect(await grantOf(admin, id)).toMatchObject({ state: 'valid', lastError: null });
  expect(stack.authority.tokenRequests.every(({ status }) => status === 200)).toBe(true);
  expect(stack.authority.tokenRequests).toHaveLength(4);
});

it('asks for a new consent when the old one was revoked, and sends what waited after it', async () => {
  // a connection that is signed in needs no token
  const { stack, admin, id } = await signedIn('microsoft', 'authorizationCode', {}, { maxMessagesPerConnection: 1 });
  await stack.consent(admin, id);
  await stack.say('before');
  await stack.smtp.waitFor(1);
  stack.authority.revokeAll();
  await stack.expireAccessToken();
  await stack.say('after');
  const { lastError } = await grantIn(admin, id, 'needs-consent');
  expect(lastError).toMatchObject({ code: 'password-changed', advice: 'Sign in again.' });
  expect((await failureOf(admin, 'no-access-token')).message).toContain('Sign in again.');
  await stack.consent(admin, id);
  expect((await stack.smtp.waitFor(2)).map(({ subject }) => subject)).toEqual(['before', 'after']);
  expect(await grantOf(admin, id)).toMatchObject({ state: 'valid', lastError: null });
});

it('tells when the server refuses even fresh tokens, without asking for ever more of them, and heals', async () => {
  const { stack, admin, id } = await signedIn('microsoft', 'authorizationCode');
  await stack.consent(admin, id);
  const { oauth } = stack.persona;
  stack.persona.oauth = { accountOf: () => Promise.resolve(undefined) };
  await stack.say('1');
  expect((await failureOf(admin, 'token-refused')).message).toMatch(/535.*5\.7\.3.*connection doctor/);
  expect((await grantIn(admin, id, 'failing')).lastError).toMatchObject({ code: 'mail-server-refuses' });
  expect(stack.authority.tokenRequests).toHaveLength(2);
  stack.persona.oauth = oauth!;
  await stack.smtp.waitFor(1, 60_000);
  expect(await grantIn(admin, id, 'valid')).toMatchObject({ lastError: null });
  expect(stack.authority.tokenRequests).toHaveLength(2);
});

it('drops the grant with the provider, the application or the mailbox', async () => {
  const stack = await prepared('microsoft');
  stack.provision({ provider: 'sandbox' });
  await stack.product.start();
  const admin = await stack.admin();
  const { clientSecret, ...open } = stack.application();
  const application = await admin.post<{ id: string }>('/api/mail/oauth/applications', {
    ...{ name: 'App', provider: 'microsoft-365' },
    ...open,
    clientSecret: { change: 'set', value: clientSecret },
  });
  const auth = {
    kind: 'oauth2',
    flow: 'authorizationCode',
    username: MAILBOX,
    scopes: SMTP_SCOPES,
    applicationId: application.id,
  };
  const microsoft = { provider: 'microsoft-365', ...stack.settings(auth) };
  const { id } = await admin.post<{ id: string }>('/api/mail/servers', { name: 'Microsoft', settings: microsoft });
  const put = async (settings: object) => {
    const etag = (await admin.send('GET', `/api/mail/servers/${id}`)).headers.get('etag') ?? '';
    const body = { name: 'Microsoft', settings };
    expect((await admin.send('PUT', `/api/mail/servers/${id}`, body, { 'If-Match': etag })).status).toBe(200);
  };
  await stack.consent(admin, id);
  await put({ ...microsoft, footer: 'Plant 3' });
  expect(await grantOf(admin, id)).toMatchObject({ state: 'valid' });
  await put({ ...microsoft, ...stack.settings({ ...auth, username: 'other@example.org' }) });
  expect(await grantOf(admin, id)).toMatchObject({ state: 'none', account: null });
  await put({ provider: 'custom', ...stack.settings({ kind: 'none' }) });
  expect((await admin.send('GET', `/api/mail/servers/${id}/oauth`)).status).toBe(404);
});
