import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { startSmtp, type FakeSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage, withSmtp } from '../stack/chains.js';
import { ask } from '../stack/database.js';
import { Product } from '../stack/product.js';
import { smtp, tenant } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';

/** Each secret is unlike anything else, so that a trace of it can be found. */
const mark = (what: string) => `mark-${what}-${randomBytes(9).toString('hex')}`;
const secrets: Record<string, string> = {
  systemPassword: mark('system'),
  tenantPassword: mark('tenant'),
  smtpPassword: mark('smtp'),
  importedSmtpPassword: mark('import'),
  deviceToken: mark('device'),
  sealingKey: randomBytes(32).toString('base64'),
};
const ADMIN = { email: 'tenant@example.org', password: secrets['tenantPassword']! };
const SYSTEM = { email: 'sysadmin@example.org', password: secrets['systemPassword']! };

let product: Product;
let mailbox: FakeSmtp;
const answers: string[] = [];

beforeAll(async () => {
  mailbox = await startSmtp({ user: { name: 'u', password: secrets['smtpPassword']! } });
  product = await Product.prepare({ env: { LOG_LEVEL: 'trace', SECRET_KEYS: `k1:${secrets['sealingKey']!}` } });
  const auth = { kind: 'basic', username: 'u', password: secrets['smtpPassword'] };
  const imported = withSmtp('send_email_rule_chain.json', product.home, {
    smtpHost: '127.0.0.1',
    smtpPort: mailbox.port,
    password: secrets['importedSmtpPassword'],
  });
  const demo = tenant({
    mailServer: smtp(mailbox.port, { auth }),
    chain: mailEachMessage(product.home),
    tokens: [secrets['deviceToken']!],
    admin: ADMIN,
  });
  product.provision({
    system: { admins: [SYSTEM], mailServers: [{ ...smtp(mailbox.port, { auth }), name: 'SYSTEM' }] },
    tenants: [{ ...demo, ruleChains: [...demo.ruleChains, { file: imported, name: 'Imported' }] }],
  });
  await product.start();
  await mainJob();
  await trouble();
  await readEverything();
});
afterAll(async () => {
  await product.dispose();
  await mailbox.stop();
});

async function mainJob(): Promise<void> {
  await product.telemetry(secrets['deviceToken']!, { id: 'one' });
  await mailbox.waitFor(1);
}

/** Where secrets like to show: refused sign-ins, refused requests, a server that refuses the password. */
async function trouble(): Promise<void> {
  await product.visitor().send('POST', '/api/auth/sign-in', { email: ADMIN.email, password: `${ADMIN.password} ` });
  await product.visitor().send('POST', '/api/auth/sign-in', `{"email":"x","password":"${ADMIN.password}"`);
  await product.visitor().send('POST', `/api/v1/${secrets['deviceToken']!}/telemetry`, 'no json');
  await product.visitor().send('GET', `/api/v1/${secrets['deviceToken']!}/nothing`);
  await ask(product.databaseUrl, 'SELECT 1');
  await mailbox.stop();
  mailbox = await startSmtp({ port: mailbox.port, user: { name: 'u', password: 'it was changed' } });
  await product.telemetry(secrets['deviceToken']!, { id: 'refused' });
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  await until('the refusal', async () => {
    const deliveries = await admin.list<{ subject: string; failure: unknown }>('/api/mail/deliveries');
    return deliveries.some((delivery) => delivery.subject === 'refused' && delivery.failure !== null);
  });
}

const LISTS = [
  '/api/session',
  '/api/tenants',
  '/api/users',
  '/api/customers',
  '/api/devices',
  '/api/alarms?status=all',
  '/api/rule-chains',
  '/api/dead-letters',
  '/api/mail/servers',
  '/api/mail/deliveries',
  '/api/inbox/messages',
  '/api/account/api-tokens',
  '/metrics',
  '/health/ready',
];

async function readEverything(): Promise<void> {
  for (const who of [ADMIN, SYSTEM]) {
    const visitor = await product.signIn(who.email, who.password);
    const { token } = await visitor.post<{ token: string }>('/api/account/api-tokens', { name: 'sweep' });
    secrets[`apiToken of ${who.email}`] = token; // shown once, above; nowhere after
    for (const path of LISTS) await readWithDetails(visitor, path);
  }
}

async function readWithDetails(visitor: Visitor, path: string): Promise<void> {
  const answer = await visitor.send('GET', path);
  const text = await answer.text();
  answers.push(text);
  if (!answer.ok || !text.startsWith('{')) return;
  const { items = [] } = JSON.parse(text) as { items?: { id?: string }[] };
  for (const { id } of items) {
    for (const detail of ['', '/export', '/source', '/attributes', '/telemetry/latest']) {
      answers.push(await (await visitor.send('GET', `${path.split('?')[0] ?? ''}/${id ?? ''}${detail}`)).text());
    }
  }
}

/** As it is, and as protocols and databases write it. */
function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), ...[0, 1, 2].map((shift) => base64Inside(bytes, shift))];
}

/** The base64 of a text that holds the secret after `shift` other bytes, without its uncertain ends. */
function base64Inside(bytes: Buffer, shift: number): string {
  return Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .slice(4, -4);
}

function tracesIn(text: string): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => disguises(secret).some((disguise) => text.includes(disguise)))
    .map(([name]) => name);
}

it('finds a trace where there is one', () => {
  const plain = Buffer.from(`\0u\0${secrets['smtpPassword']!}`).toString('base64');
  expect(tracesIn(`AUTH PLAIN ${plain}`)).toEqual(['smtpPassword']);
});

it('shows no secret in any answer', () => {
  expect(answers.length).toBeGreaterThan(30);
  expect(tracesIn(answers.join('\n'))).toEqual([]);
});

it('writes no secret into the log', () => {
  expect(product.output).not.toBe('');
  expect(tracesIn(product.output)).toEqual([]);
});

it('keeps no secret in clear in any column of any table', async () => {
  const tables = await ask<{ name: string }>(
    product.databaseUrl,
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    const rows = await ask<{ row: string }>(product.databaseUrl, `SELECT t::text AS row FROM ${name} t`);
    expect([name, tracesIn(rows.map(({ row }) => row).join('\n'))]).toEqual([name, []]);
  }
});
