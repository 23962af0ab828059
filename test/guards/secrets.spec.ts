import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { startSmtp, type FakeSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage, withSmtp } from '../stack/chains.js';
import { ask } from '../stack/database.js';
import { Product } from '../stack/product.js';
import { smtp, tenant } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import { everyAnswer, Traces } from './traces.js';

/** Each secret is unlike anything else, so that a trace of it can be found. */
const mark = (what: string) => `mark-${what}-${randomBytes(9).toString('hex')}`;
const secrets = {
  systemPassword: mark('system'),
  tenantPassword: mark('tenant'),
  smtpPassword: mark('smtp'),
  importedSmtpPassword: mark('import'),
  namedSecret: mark('named'),
  proxyPassword: mark('proxy'),
  clientSecret: mark('client'),
  inlineClientSecret: mark('inline'),
  deviceToken: mark('device'),
  sealingKey: randomBytes(32).toString('base64'),
};
const ADMIN = { email: 'tenant@example.org', password: secrets.tenantPassword };
const SYSTEM = { email: 'sysadmin@example.org', password: secrets.systemPassword };

let product: Product;
let mailbox: FakeSmtp;
const traces = new Traces(secrets);
const answers: string[] = [];

beforeAll(async () => {
  mailbox = await startSmtp({ user: { name: 'u', password: secrets.smtpPassword } });
  product = await Product.prepare({ env: { LOG_LEVEL: 'trace', SECRET_KEYS: `k1:${secrets.sealingKey}` } });
  const auth = { kind: 'basic', username: 'u', password: secrets.smtpPassword };
  const imported = withSmtp('send_email_rule_chain.json', product.home, {
    smtpHost: '127.0.0.1',
    smtpPort: mailbox.port,
    password: secrets.importedSmtpPassword,
  });
  const demo = tenant({
    mailServer: smtp(mailbox.port, { auth }),
    chain: mailEachMessage(product.home),
    tokens: [secrets.deviceToken],
    admin: ADMIN,
  });
  product.provision({
    system: systemEntry(auth),
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

/** Everything of mail that holds a secret. */
function systemEntry(auth: object) {
  const named = { kind: 'basic', username: 'u', password: { secret: 'Named' } };
  const app = { clientId: 'a', tokenUrl: 'http://127.0.0.1:9/token' };
  const signIn = { kind: 'oauth2', flow: 'clientCredentials', username: 'box@example.org' };
  const inline = { ...signIn, ...app, clientSecret: secrets.inlineClientSecret, scopes: ['smtp.send'] };
  const server = (name: string, more: object) => ({ ...smtp(mailbox.port, more), name, default: false });
  return {
    admins: [SYSTEM],
    mailConnectors: [
      { name: 'Proxy', kind: 'http', host: 'h', port: 1, username: 'p', password: secrets.proxyPassword },
    ],
    mailSecrets: [{ name: 'Named', value: secrets.namedSecret }],
    oauthApplications: [{ name: 'App', provider: 'custom', ...app, clientSecret: secrets.clientSecret }],
    mailServers: [
      { ...smtp(mailbox.port, { auth }), name: 'SYSTEM' },
      server('NAMED', { auth: named, connector: 'Proxy' }),
      server('INLINE', { auth: inline }),
      server('APP', { auth: { ...signIn, application: 'App' } }),
    ],
  };
}

async function mainJob(): Promise<void> {
  await product.telemetry(secrets.deviceToken, { id: 'one' });
  await mailbox.waitFor(1);
}

/** Where secrets like to show: refused sign-ins, refused requests, a server that refuses the password. */
async function trouble(): Promise<void> {
  await product.visitor().send('POST', '/api/auth/sign-in', { email: ADMIN.email, password: `${ADMIN.password} ` });
  await product.visitor().send('POST', '/api/auth/sign-in', `{"email":"x","password":"${ADMIN.password}"`);
  await product.visitor().send('POST', `/api/v1/${secrets.deviceToken}/telemetry`, 'no json');
  await product.visitor().send('GET', `/api/v1/${secrets.deviceToken}/nothing`);
  await ask(product.databaseUrl, 'SELECT 1');
  await mailbox.stop();
  mailbox = await startSmtp({ port: mailbox.port, user: { name: 'u', password: 'it was changed' } });
  await product.telemetry(secrets.deviceToken, { id: 'refused' });
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  await until('the refusal', async () => {
    const deliveries = await admin.list<{ subject: string; failure: unknown }>('/api/mail/deliveries');
    return deliveries.some((delivery) => delivery.subject === 'refused' && delivery.failure !== null);
  });
}

async function readEverything(): Promise<void> {
  for (const who of [ADMIN, SYSTEM]) {
    const visitor = await product.signIn(who.email, who.password);
    const { token } = await visitor.post<{ token: string }>('/api/account/api-tokens', { name: 'sweep' });
    traces.plant(`apiToken of ${who.email}`, token); // shown once, above; nowhere after
    answers.push(...(await everyAnswer(visitor)));
    for (const path of ['/metrics', '/health/ready']) answers.push(await (await visitor.send('GET', path)).text());
  }
}

it('finds a trace where there is one', () => {
  const plain = Buffer.from(`\0u\0${secrets.smtpPassword}`).toString('base64');
  expect(traces.in(`AUTH PLAIN ${plain}`)).toEqual(['smtpPassword']);
});

it('shows no secret in any answer', () => {
  expect(answers.length).toBeGreaterThan(30);
  expect(traces.in(answers.join('\n'))).toEqual([]);
});

it('writes no secret into the log', () => {
  expect(product.output).not.toBe('');
  expect(traces.in(product.output)).toEqual([]);
});

it('keeps no secret in clear in any column of any table', async () => {
  expect(await traces.inDatabase(product.databaseUrl)).toEqual({});
});
