import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeEach, expect, it } from 'vitest';
import { stringify } from 'yaml';

import { hashToken } from '../access/index.js';
import { Passwords } from '../accounts/index.js';
import { signInSettingsForTests } from '../accounts/sign-in-settings.testing.js';
import { systemClock, type Database, type UnitOfWork } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { CustomerRemoval, Customers, DeviceRemoval, Devices } from '../devices/index.js';
import { EventBus } from '../http/events/index.js';
import { mailServersForTests } from '../mail/mail-servers.testing.js';
import { RuleChains } from '../rule-chains/index.js';
import { TenantRemoval, Tenants } from '../tenants/index.js';
import { Users } from '../users/index.js';
import { DEMO_FILE, Provisioning, readProvisioningFile, summaryOf } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'signalpost-provisioning-'));
cpSync(join(DEMO_FILE, '..', 'rule-chains'), join(folder, 'rule-chains'), { recursive: true });

let db: Database;
const opened: Database[] = [];
let provisioning: Provisioning;

/** Who was invited. */
const invited: string[] = [];
const invitations = {
  invitation: (_uow: UnitOfWork, { email }: { email: string }) => Promise.resolve(void invited.push(email)),
};
beforeEach(async () => {
  db = await createTestDatabase();
  opened.push(db);
  provisioning = overDatabase(db);
});
afterAll(() => Promise.all(opened.map((database) => database.close())));

function overDatabase(database: Database): Provisioning {
  const events = new EventBus();
  const mail = mailServersForTests(database, ['127.0.0.1']);
  const { policies, notices, identityProviders } = signInSettingsForTests(database);
  return new Provisioning(
    database,
    systemClock,
    new Tenants(database, events, new TenantRemoval()),
    new Users(database),
    new Passwords(),
    invitations,
    new Customers(database, new CustomerRemoval()),
    new Devices(database, events, new DeviceRemoval()),
    mail.servers,
    new RuleChains(database, mail.servers, events),
    ...([mail.secrets, mail.connectors, mail.applications] as const),
    ...([policies, notices, identityProviders] as const),
  );
}

const CHAIN = 'rule-chains/alarm-to-mail.json';
const SMTP = {
  name: 'DEFAULT',
  default: true,
  provider: 'custom',
  from: 'a@example.org',
  host: '127.0.0.1',
  port: 2525,
  tls: 'none',
};

/** The shape of the issue, as an object that a test can change. */
const whole = () => ({
  system: {
    admins: [{ email: 'sysadmin@example.org', password: 'change-me-now' }],
    mailServers: [{ ...SMTP, auth: { kind: 'basic', username: 'u', password: 'smtp-password' } }],
  },
  tenants: [
    {
      name: 'Demo',
      limits: { mayUseSystemMail: true, telemetryPerSecond: 100 },
      admins: [{ email: 'tenant@example.org', password: 'change-me-too' }],
      operators: [{ email: 'operator@example.org', name: 'Night shift' }],
      mailServers: [{ name: 'DEFAULT', default: true, provider: 'sandbox' }],
      customers: [
        {
          name: 'Customer A',
          attributes: { email: 'customer@example.org' },
          users: [{ email: 'customer@example.org' }],
        },
      ],
      devices: [
        {
          name: 'A1',
          type: 'thermostat',
          token: 'A1_TOKEN',
          customer: 'Customer A',
          attributes: { server: { address: 'Main St 12', place: { room: 12, at: [] } } },
        },
      ],
      ruleChains: [{ file: CHAIN, root: true }],
    },
  ],
});
type Whole = ReturnType<typeof whole>;

const load = (content: object) => {
  const path = join(folder, 'file.yaml');
  writeFileSync(path, stringify(content));
  return readProvisioningFile(path, {});
};
const apply = (content: object) => provisioning.apply(load(content));
const changed = (change: (file: Whole) => void): Whole => {
  const file = whole();
  change(file);
  return file;
};
const rows = (sql: string) => db.query<Record<string, unknown>>(sql);

it('makes everything that a file names, and marks it as managed', async () => {
  const result = await apply(whole());
  expect(result.created).toEqual([
    'mail server "DEFAULT"',
    'user sysadmin@example.org',
    'tenant "Demo"',
    'mail server "DEFAULT"',
    'customer "Customer A" of Demo',
    'server attributes of customer "Customer A" of Demo',
    'user tenant@example.org',
    'user operator@example.org',
    'user customer@example.org',
    'device "A1" of Demo',
    'server attributes of device "A1" of Demo',
    `rule chain "${CHAIN}" of Demo`,
  ]);
  expect(
    await rows(`SELECT email, role, managed, password_hash IS NOT NULL AS password FROM user_account ORDER BY email`),
  ).toEqual([
    { email: 'customer@example.org', role: 'customer-user', managed: true, password: false },
    { email: 'operator@example.org', role: 'tenant-operator', managed: true, password: false },
    { email: 'sysadmin@example.org', role: 'system-administrator', managed: true, password: true },
    { email: 'tenant@example.org', role: 'tenant-administrator', managed: true, password: true },
  ]);
  expect(
    await rows(
      'SELECT d.name, d.managed, c.name AS customer, d.token_hash FROM device d JOIN customer c ON c.id = d.customer_id',
    ),
  ).toEqual([{ name: 'A1', managed: true, customer: 'Customer A', token_hash: hashToken('A1_TOKEN') }]);
  expect(
    await rows(`SELECT entity_type, scope, key, value FROM attribute WHERE key IN ('email', 'address') ORDER BY key`),
  ).toEqual([
    { entity_type: 'DEVICE', scope: 'SERVER_SCOPE', key: 'address', value: 'Main St 12' },
    { entity_type: 'CUSTOMER', scope: 'SERVER_SCOPE', key: 'email', value: 'customer@example.org' },
  ]);
  expect(await rows('SELECT root, managed, published_version FROM rule_chain')).toEqual([
    { root: true, managed: true, published_version: 1 },
  ]);
});

it('writes nothing when the same file is applied again', async () => {
  await apply(whole());
  const tables = [
    'tenant',
    'user_account',
    'customer',
    'device',
    'mail_server',
    'attribute',
    'rule_chain',
    'rule_chain_version',
  ];
  const states = () =>
    Promise.all(tables.map((table) => rows(`SELECT xmin::text, ctid::text, * FROM ${table} ORDER BY ctid`)));
  const before = await states();
  const again = await apply(whole());
  expect(summaryOf(again)).toBe('0 created, 0 updated, 0 unlocked, 12 unchanged');
  expect(await states()).toEqual(before);
});

it('finds things by their natural key and updates them in place', async () => {
  await apply(whole());
  const ids = await rows('SELECT id FROM device UNION ALL SELECT id FROM tenant ORDER BY id');
  const result = await apply(
    changed(({ tenants: [demo] }) => {
      demo!.limits.telemetryPerSecond = 5;
      demo!.devices[0]!.token = 'NEW_TOKEN';
      demo!.devices[0]!.attributes.server.address = 'Elsewhere';
      demo!.operators[0]!.name = 'Day shift';
    }),
  );
  expect(result.updated).toEqual([
    'tenant "Demo"',
    'user operator@example.org',
    'device "A1" of Demo',
    'server attributes of device "A1" of Demo',
  ]);
  expect(result.created).toEqual([]);
  expect(await rows('SELECT id FROM device UNION ALL SELECT id FROM tenant ORDER BY id')).toEqual(ids);
  expect(await rows('SELECT token_hash FROM device')).toEqual([{ token_hash: hashToken('NEW_TOKEN') }]);
});

it('sets a password on creation only: a person keeps the chosen one', async () => {
  await apply(whole());
  const [before] = await rows(`SELECT password_hash FROM user_account WHERE email = 'tenant@example.org'`);
  const result = await apply(changed(({ tenants: [demo] }) => (demo!.admins[0]!.password = 'another-password')));
  expect(result.updated).toEqual([]);
  expect(await rows(`SELECT password_hash FROM user_account WHERE email = 'tenant@example.org'`)).toEqual([before]);
});

it('unlocks what a file names no more, and deletes nothing', async () => {
  await apply(whole());
  const result = await apply(
    changed(({ system, tenants: [demo] }) => {
      system.mailServers = [];
      demo!.operators = [];
      demo!.devices = [];
      demo!.ruleChains = [];
    }),
  );
  expect(result.unlocked).toEqual([
    'mail server "DEFAULT"',
    'user operator@example.org',
    'device "A1" of Demo',
    expect.stringMatching(/^rule chain ".+" of Demo$/),
  ]);
  expect(await rows('SELECT managed FROM device UNION ALL SELECT managed FROM rule_chain')).toEqual([
    { managed: false },
    { managed: false },
  ]);
  expect((await apply(whole())).updated).toHaveLength(4);
});

it('unlocks a tenant that a file names no more, with everything in it', async () => {
  await apply(whole());
  const result = await apply({ system: whole().system });
  expect(result.unlocked).toHaveLength(8);
  const all = ['tenant', 'customer', 'device', 'rule_chain', 'user_account', 'mail_server']
    .map((table) => `SELECT managed FROM ${table}`)
    .join(' UNION ALL ');
  expect(await rows(`SELECT count(*)::int AS managed FROM (${all}) a WHERE managed`)).toEqual([{ managed: 2 }]); // the system's
});

it.each<[what: string, change: (file: Whole) => void, problem: RegExp]>([
  [
    'a rule-chain file that is not there',
    ({ tenants: [demo] }) => (demo!.ruleChains[0]!.file = 'none.json'),
    /tenants\[0\]\.ruleChains\[0\]\.file: .*none\.json cannot be read \(ENOENT\)/,
  ],
  [
    'a rule-chain file that is no JSON',
    ({ tenants: [demo] }) => (demo!.ruleChains[0]!.file = 'broken.json'),
    /tenants\[0\]\.ruleChains\[0\]\.file: .*is not JSON/,
  ],
  [
    'a file that is no rule chain',
    ({ tenants: [demo] }) => (demo!.ruleChains[0]!.file = 'empty.json'),
    /tenants\[0\]\.ruleChains\[0\]: /,
  ],
  [
    'a mail server that cannot be used',
    ({ system }) => (system.mailServers[0]!.from = 'nobody at all'),
    /system\.mailServers\[0\]: .*from/,
  ],
  [
    'the name of the system scope',
    ({ tenants: [demo] }) => (demo!.name = 'System'),
    /tenants\[0\]: "System" is the name of the system scope/,
  ],
])('refuses %s with its path, and changes nothing', async (_what, change, problem) => {
  writeFileSync(join(folder, 'broken.json'), '{');
  writeFileSync(join(folder, 'empty.json'), '{}');
  await expect(apply(changed(change))).rejects.toThrow(problem);
  expect(await rows(`SELECT 1 FROM tenant WHERE kind = 'tenant' UNION ALL SELECT 1 FROM user_account`)).toEqual([]);
});

it('refuses a token or a person that another tenant has', async () => {
  await apply(whole());
  const other = (entry: object) => ({ ...whole(), tenants: [...whole().tenants, { name: 'Other', ...entry }] });
  await db.query(`INSERT INTO tenant (id, name, kind) VALUES (gen_random_uuid(), 'Third', 'tenant')`);
  await db.query(
    `INSERT INTO device (tenant_id, id, name, token_hash) SELECT id, gen_random_uuid(), 'X', sha256('TAKEN') FROM tenant WHERE name = 'Third'`,
  );
  await expect(apply(other({ devices: [{ name: 'B', token: 'TAKEN' }] }))).rejects.toThrow(
    /tenants\[1\]\.devices\[0\]: Another device has this access token/,
  );
  await db.query(
    `INSERT INTO user_account (tenant_id, id, email, role) SELECT id, gen_random_uuid(), 'third@example.org', 'tenant-operator' FROM tenant WHERE name = 'Third'`,
  );
  await expect(apply(other({ admins: [{ email: 'Third@example.org' }] }))).rejects.toThrow(
    /tenants\[1\]\.admins\[0\]: Third@example\.org is a user of another tenant/,
  );
});

it('lets two processes apply one after the other', async () => {
  const results = await Promise.all([apply(whole()), overDatabase(db).apply(load(whole()))]);
  expect(results.map(({ created }) => created.length).toSorted((a, b) => a - b)).toEqual([0, 12]);
});

it('fills an empty database with the demo and leaves everything to people', async () => {
  const demo = readProvisioningFile(DEMO_FILE, {});
  expect((await provisioning.fillEmpty(demo))?.created.length).toBeGreaterThan(8);
  const all = ['tenant', 'device', 'rule_chain', 'user_account', 'mail_server']
    .map((table) => `SELECT managed FROM ${table}`)
    .join(' UNION ALL ');
  expect(await rows(`SELECT 1 FROM (${all}) a WHERE managed`)).toEqual([]);
  await db.query('DELETE FROM device');
  expect(await provisioning.fillEmpty(demo)).toBeUndefined();
  expect(await rows('SELECT 1 FROM device')).toEqual([]);
});

it('leaves one entry in the audit log of each scope that it changed, and none where nothing changed', async () => {
  const log = () =>
    db.query<{ tenant: string; action: string; kind: string; created: string[] }>(
      `SELECT t.name AS tenant, e.action, e.actor->>'kind' AS kind, e.changes->0->'after' AS created
       FROM audit_event e JOIN tenant t ON t.id = e.tenant_id WHERE e.action LIKE '%.provisioned' ORDER BY t.name`,
    );
  const file = { tenants: [{ name: 'Plant', customers: [{ name: 'Customer A' }] }] };
  await apply(file);
  const created = ['tenant "Plant"', 'customer "Customer A" of Plant'];
  const expected = [
    { tenant: 'Plant', action: 'tenant.provisioned', kind: 'provisioning', created },
    { tenant: 'System', action: 'installation.provisioned', kind: 'provisioning', created },
  ];
  expect(await log()).toEqual(expected);
  await apply(file);
  expect(await log()).toEqual(expected);
});
