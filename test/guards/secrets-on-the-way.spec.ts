import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { CA_FILE, startSmtp, type FakeSmtp, type ReceivedMail } from '../fakes/smtp-server.js';
import { alarmAndMail } from '../stack/chains.js';
import { Product } from '../stack/product.js';
import { ADMIN, smtp, tenant, TOKEN } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';
import { everyAnswer, Traces } from './traces.js';

const mark = (what: string) => `mark-${what}-${randomBytes(9).toString('hex')}`;
const SYSTEM = { email: 'sysadmin@example.org', password: mark('system') };
const GUEST = 'guest@example.org';
const secrets = {
  accessToken: mark('access-token'),
  clientSecret: mark('client-secret'),
  newClientSecret: mark('new-client-secret'),
  namedSecret: mark('named-secret'),
  connectorPassword: mark('connector'),
  serverPassword: mark('server'),
  chosenPassword: mark('chosen'),
};
const traces = new Traces(secrets);

let product: Product;
let systemMails: FakeSmtp;
let tenantMails: FakeSmtp;
let authority: Server;
let admin: Visitor;
let system: Visitor;
const answers: string[] = [];

/** Everything that is a secret for a while: tokens of a provider, of links, of a second factor, and what is typed into forms. */
beforeAll(async () => {
  authority = await startTokenEndpoint();
  systemMails = await startSmtp();
  tenantMails = await startSmtp({
    tls: 'starttls',
    oauth: { accountOf: (token) => Promise.resolve(token === secrets.accessToken ? 'box@example.org' : undefined) },
  });
  product = await Product.prepare({ env: { LOG_LEVEL: 'trace', NODE_EXTRA_CA_CERTS: CA_FILE } });
  const auth = {
    ...{ kind: 'oauth2', flow: 'clientCredentials', username: 'box@example.org', scopes: ['smtp.send'] },
    ...{ tokenUrl: `http://127.0.0.1:${portOf(authority)}/token`, clientId: 'a', clientSecret: secrets.clientSecret },
  };
  const mailServer = smtp(tenantMails.port, { host: 'localhost', tls: 'starttls', auth });
  product.provision({
    system: { admins: [SYSTEM], mailServers: [{ ...smtp(systemMails.port), name: 'SYSTEM' }] },
    tenants: [tenant({ mailServer, chain: alarmAndMail(product.home) })],
  });
  await product.start();
  admin = await product.signIn(ADMIN.email, ADMIN.password);
  system = await product.signIn(SYSTEM.email, SYSTEM.password);
  await mailWithToken();
  await fillForms();
  await invite();
  await resetPassword();
  await setUpSecondFactor();
  for (const visitor of [admin, system]) answers.push(...(await everyAnswer(visitor)));
});
afterAll(async () => {
  await product.dispose();
  await Promise.all([systemMails.stop(), tenantMails.stop()]);
  authority.close();
});

function startTokenEndpoint(): Promise<Server> {
  const answer = JSON.stringify({ access_token: secrets.accessToken, token_type: 'Bearer', expires_in: 3600 });
  const server = createServer((_request, response) =>
    response.setHeader('Content-Type', 'application/json').end(answer),
  );
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** With debugging switched on at every node. */
async function mailWithToken(): Promise<void> {
  for (const { id } of await admin.list<{ id: string }>('/api/rule-chains')) {
    const { nodes } = await admin.get<{ nodes: { id: string }[] }>(`/api/rule-chains/${id}`);
    for (const node of nodes)
      await admin.post(`/api/rule-chains/${id}/nodes/${node.id}/debug`, { failures: true, minutes: 5 });
  }
  await product.telemetry(TOKEN, { id: 'with a token' });
  await tenantMails.waitFor(1);
}

/** What people type into forms, and change there. */
async function fillForms(): Promise<void> {
  const set = (value: string) => ({ change: 'set', value });
  await admin.post('/api/mail/secrets', { name: 'Named', value: set(secrets.namedSecret) });
  const application = {
    name: 'Typed',
    provider: 'custom',
    clientId: 'typed',
    tokenUrl: 'https://login.example.org/token',
  };
  const { id } = await admin.post<{ id: string }>('/api/mail/oauth/applications', {
    ...application,
    clientSecret: set(secrets.clientSecret),
  });
  await admin.send('PUT', `/api/mail/oauth/applications/${id}`, {
    ...application,
    clientSecret: set(secrets.newClientSecret),
  });
  await admin.post('/api/mail/servers', {
    name: 'Typed',
    settings: {
      ...{ provider: 'custom', from: 'box@example.org', host: 'localhost', port: tenantMails.port, tls: 'starttls' },
      auth: { kind: 'basic', username: 'box@example.org', password: set(secrets.serverPassword) },
    },
  });
  const proxy = { name: 'Proxy', kind: 'http', host: '127.0.0.1', port: 3128, username: 'u' };
  await system.post('/api/mail/connectors', { ...proxy, password: set(secrets.connectorPassword) });
  for (const { id: server } of await admin.list<{ id: string }>('/api/mail/servers')) {
    answers.push(await (await admin.send('POST', `/api/mail/servers/${server}/diagnose`, {})).text());
    answers.push(
      await (await admin.send('POST', `/api/mail/servers/${server}/test-mail`, { recipient: GUEST })).text(),
    );
  }
}

/** The next mail to somebody with a link; its token is known to the reader alone. */
async function tokenInMail(address: string, seen: number): Promise<string> {
  const isIt = (mail: ReceivedMail) => mail.recipients.includes(address) && tokenOf(mail) !== undefined;
  const mail = await until(`a link for ${address}`, () => systemMails.mails.slice(seen).find(isIt));
  return tokenOf(mail)!;
}

const tokenOf = ({ mail }: ReceivedMail): string | undefined => /token=([\w-]{20,})/.exec(mail.text ?? '')?.[1];

async function invite(): Promise<void> {
  const { id } = await admin.post<{ id: string }>('/api/users', {
    email: GUEST,
    name: 'Guest',
    role: 'tenant-operator',
  });
  const token = await tokenInMail(GUEST, 0);
  traces.plant('invitation', token);
  const shown = await admin.post<{ url: string }>(`/api/users/${id}/link`);
  traces.plant('shown invitation', new URL(shown.url).searchParams.get('token')!);
  const guest = product.visitor();
  const link = new URL(shown.url).searchParams.get('token')!;
  await guest.post('/api/auth/links/activate', { token: link, password: secrets.chosenPassword });
}

/** Asked for and left open. */
async function resetPassword(): Promise<void> {
  const seen = systemMails.mails.length;
  await product.visitor().post('/api/auth/password-reset', { email: GUEST });
  traces.plant('password reset', await tokenInMail(GUEST, seen));
}

async function setUpSecondFactor(): Promise<void> {
  const guest = await product.signIn(GUEST, secrets.chosenPassword);
  const { secret } = await guest.post<{ secret: string }>('/api/account/two-factor/enrol', {
    currentPassword: secrets.chosenPassword,
  });
  traces.plant('TOTP seed', secret);
  const { recoveryCodes } = await guest.post<{ recoveryCodes: string[] }>('/api/account/two-factor/confirm', {
    code: totp(secret),
  });
  for (const [index, code] of recoveryCodes.entries()) traces.plant(`recovery code ${index}`, code);
  answers.push(...(await everyAnswer(guest)));
}

/** RFC 6238 with its usual parameters. */
function totp(secret: string): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  const offset = digest.at(-1)! & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** RFC 4648 §6. */
function base32(text: string): Buffer {
  const bits = Array.from(text, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

it('shows no secret in any answer, however often one looks, nor in exports and debug events', () => {
  expect(answers.length).toBeGreaterThan(100);
  expect(answers.some((answer) => answer.includes('with a token'))).toBe(true);
  expect(traces.in(answers.join('\n'))).toEqual([]);
});

it('writes no secret into the log', () => {
  expect(traces.in(product.output)).toEqual([]);
});

it('keeps no secret in clear in any column of any table', async () => {
  expect(await traces.inDatabase(product.databaseUrl)).toEqual({});
});

it('mails no secret to anybody but the link to whom it is for', () => {
  const mails = [...systemMails.mails, ...tenantMails.mails];
  expect(mails.length).toBeGreaterThan(3);
  for (const { mail, recipients } of mails) {
    const found = traces.in(`${mail.text ?? ''}\n${mail.html || ''}\n${JSON.stringify([...mail.headers])}`);
    const allowed = recipients.includes(GUEST) ? ['invitation', 'password reset'] : [];
    expect(found.filter((name) => !allowed.includes(name))).toEqual([]);
  }
});
