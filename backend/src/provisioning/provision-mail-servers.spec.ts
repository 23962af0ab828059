import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../access/index.js';
import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { mailServersForTests } from '../mail/mail-servers.testing.js';
import { addTenant } from '../queue/queue.testing.js';
import { Application } from './application.js';
import { MailServerProvisioner } from './provision-mail-servers.js';
import { readProvisioningFile } from './read-file.js';

const folder = mkdtempSync(join(tmpdir(), 'signalpost-provisioning-'));
let db: Database;
let mail: ReturnType<typeof mailServersForTests>;
let tenantId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  mail = mailServersForTests(db);
});
afterAll(() => db.close());
beforeEach(async () => {
  tenantId = await addTenant(db);
});

/** Applies what a file says of mail, the system's to the system and the first tenant's to the tenant of this test. */
async function apply(yaml: string, variables: Record<string, string> = {}) {
  const path = join(folder, 'file.yaml');
  writeFileSync(path, yaml);
  const file = readProvisioningFile(path, variables);
  const provisioner = new MailServerProvisioner(mail);
  return db.transaction(async (uow) => {
    const application = new Application(uow, file, true);
    const { system, tenants } = file.content;
    await provisioner.applyConnectors(application, ['system'], system.mailConnectors);
    await provisioner.apply(application, ['system'], SYSTEM_TENANT_ID, system);
    for (const [index, tenant] of tenants.slice(0, 1).entries())
      await provisioner.apply(application, ['tenants', index], tenantId, tenant);
    return application.tally;
  });
}
const tenantFile = (server: string, more = '') => `
tenants:
  - name: T
    ${more}
    mailServers:
      - { name: DEFAULT, from: box@example.org, ${server} }`;
const server = async (scope = tenantId) => mail.servers.get(db, scope, (await mail.servers.list(db, scope))[0]!.id);

const INLINE = `provider: custom, host: 127.0.0.1, port: 2525, tls: none, auth: { kind: oauth2, flow: clientCredentials, username: box@example.org, tokenUrl: "http://127.0.0.1:9999/token", clientId: a, clientSecret: "\${S}", scopes: [smtp.send] }`;

it('makes an application of what a server says of OAuth, and lets both reach exactly what the file names', async () => {
  const result = await apply(tenantFile(INLINE), { S: 'tell-nobody' });
  expect(result.created).toEqual(['mail server "DEFAULT"']);
  const { id, settings, managed } = await server();
  expect(managed).toBe(true);
  expect(settings).toMatchObject({
    auth: { kind: 'oauth2', flow: 'clientCredentials', username: 'box@example.org', applicationId: id },
  });
  expect(await mail.applications.get(db, tenantId, id)).toMatchObject({ managed: true, clientId: 'a' });
  const grant = await mail.grants.find(db, { tenantId, serverId: id });
  expect(grant).toMatchObject({ mailbox: 'box@example.org', scopes: ['smtp.send'] });
  expect(await mail.applications.open(db, grant!)).toMatchObject({
    ok: true,
    value: { allowed: ['127.0.0.1:9999'], settings: { clientSecret: 'tell-nobody' } },
  });
  const rows = await db.query('SELECT dial_allowed FROM mail_server WHERE id = $1', [id]);
  expect(rows).toEqual([{ dial_allowed: ['127.0.0.1:2525'] }]);
  expect(await apply(tenantFile(INLINE), { S: 'tell-nobody' })).toMatchObject({
    created: [],
    updated: [],
    unchanged: 1,
  });
});

it('takes every setting, and secrets, applications and connectors by their names', async () => {
  const result = await apply(
    `
system:
  mailConnectors:
    - { name: Proxy, kind: socks5, host: proxy.example.org, port: 1080, username: p, password: p1, shared: true }
  oauthApplications:
    - { name: Shared app, provider: google, clientId: g, clientSecret: g1, shared: true }
tenants:
  - name: T
    mailSecrets:
      - { name: Relay password, value: "\${P}" }
    mailServers:
      - name: DEFAULT
        description: The relay of plant 3
        provider: custom
        from: Plant <plant@example.org>
        returnPath: bounces@example.org
        readConfirmation: { requested: true, address: read@example.org }
        bcc: [archive@example.org]
        footer: Plant 3
        force: true
        headers: { X-Plant: "3" }
        defaults: { priority: high, language: de, giveUpAfterSeconds: 3600 }
        host: relay.example.org
        port: 465
        tls: implicit
        tlsMinVersion: TLSv1.3
        connector: Proxy
        messagesPerMinute: 20
        auth: { kind: basic, username: u, password: { secret: Relay password } }
      - name: Google
        provider: google
        transport: gmail
        from: box@example.org
        connector: null
        auth: { kind: oauth2, flow: authorizationCode, username: box@example.org, application: Shared app }
`,
    { P: 'tell-nobody' },
  );
  expect(result.created).toEqual([
    'connector "Proxy"',
    'OAuth application "Shared app"',
    'mail secret "Relay password"',
    'mail server "DEFAULT"',
    'mail server "Google"',
  ]);
  const { settings, description } = await server();
  const [connector] = await mail.connectors.list(db, tenantId);
  expect(description).toBe('The relay of plant 3');
  expect(settings).toMatchObject({
    ...{ returnPath: 'bounces@example.org', bcc: ['archive@example.org'], force: true, messagesPerMinute: 20 },
    ...{ defaults: { priority: 'high', language: 'de', giveUpAfterSeconds: 3600 }, tlsMinVersion: 'TLSv1.3' },
    connectorId: connector?.id,
    auth: { password: { named: { name: 'Relay password' } } },
  });
  const [, google] = await mail.servers.list(db, tenantId);
  const { settings: second } = await mail.servers.get(db, tenantId, google!.id);
  expect(second).toMatchObject({ transport: 'gmail', host: 'smtp.gmail.com', connectorId: null });
});

it('takes the example of the README', async () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
  const [, example = ''] = /```yaml\n(system:\n {2}mailConnectors:[\s\S]+?)```/.exec(readme) ?? [];
  const result = await apply(example, { APP_SECRET: 'a', RELAY_PASSWORD: 'r', S: 's' });
  expect(result.created).toHaveLength(5);
  expect((await mail.servers.list(db, tenantId)).map(({ name }) => name)).toEqual([
    'DEFAULT',
    'Office',
    'Own authority',
  ]);
});

it('unlocks what the file names no more', async () => {
  const secret = 'mailSecrets: [{ name: One, value: v }]';
  await apply(tenantFile('provider: custom, host: relay.example.org', secret));
  const result = await apply('tenants: [{ name: T }]');
  expect(result.unlocked).toEqual(expect.arrayContaining(['mail secret "One"', 'mail server "DEFAULT"']));
  expect(await server()).toMatchObject({ managed: false });
});

it('lets the values of macros be filled in later for servers of the system alone', async () => {
  const macros = 'provider: custom, host: "$${SIGNALPOST_VAR_HOST}"';
  await expect(apply(tenantFile(macros))).rejects.toThrow('"${" has no meaning here');
  await expect(apply(`system: { mailServers: [{ name: S, from: a@example.org, ${macros} }] }`)).rejects.toThrow(
    'the variable SIGNALPOST_VAR_HOST is not set',
  );
});

it.each([
  [
    'a secret that is not there',
    'provider: custom, host: h.example.org, auth: { kind: basic, username: u, password: { secret: X } }',
    '/auth/password there is no secret "X" for this scope',
  ],
  ['a connector that is not there', 'provider: custom, host: h.example.org, connector: X', 'there is no connector "X"'],
  [
    'an application that is not there',
    'provider: google, auth: { kind: oauth2, flow: authorizationCode, username: a@b.org, application: X }',
    'there is no OAuth application "X"',
  ],
  ['a provider without a host', 'provider: custom', '/host must be given'],
  [
    'a password at Outlook.com',
    'provider: outlook-com, auth: { kind: basic, username: u, password: p }',
    'does not take a password; it takes OAuth 2.0',
  ],
])('refuses %s, and says where it stands', async (_what, given, told) => {
  const refused = apply(tenantFile(given));
  await expect(refused).rejects.toThrow(told);
  await expect(refused).rejects.toThrow('tenants[0].mailServers[0]');
  expect(await mail.servers.list(db, tenantId)).toEqual([]);
});

it('has one default and one other fallback server of the system', async () => {
  const servers = (first: string, second: string) => `system:
  mailServers:
    - { name: One, provider: sandbox, ${first} }
    - { name: Two, provider: sandbox, ${second} }`;
  await apply(servers('default: true', 'fallback: true'));
  const found = (await mail.servers.list(db, SYSTEM_TENANT_ID)).filter(({ name }) => ['One', 'Two'].includes(name));
  expect(found.map(({ name, isDefault, isFallback }) => [name, isDefault, isFallback])).toEqual([
    ['One', true, false],
    ['Two', false, true],
  ]);
  await expect(apply(servers('fallback: true', 'fallback: true'))).rejects.toThrow('fallback: is true a second time');
  await expect(apply(servers('default: true, fallback: true', ''))).rejects.toThrow(
    'must be another mail server than the default one',
  );
  await expect(apply(tenantFile('provider: sandbox, fallback: true'))).rejects.toThrow(
    'a tenant has no fallback server',
  );
});

it('lets no tenant name what belongs to another scope', async () => {
  await apply('system: { mailSecrets: [{ name: Of the system, value: v }] }');
  const auth = '{ kind: basic, username: u, password: { secret: Of the system } }';
  await expect(apply(tenantFile(`provider: custom, host: h.example.org, auth: ${auth}`))).rejects.toThrow(
    'there is no secret "Of the system" for this scope',
  );
});
