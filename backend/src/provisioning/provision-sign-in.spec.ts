import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { PROVISIONING_ACTOR, SYSTEM_TENANT_ID } from '../access/index.js';
import { signInSettingsForTests } from '../accounts/sign-in-settings.testing.js';
import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { addTenant } from '../queue/queue.testing.js';
import { Application } from './application.js';
import { SignInProvisioner } from './provision-sign-in.js';
import { readProvisioningFile } from './read-file.js';

const folder = mkdtempSync(join(tmpdir(), 'signalpost-provisioning-'));
const ACTOR = PROVISIONING_ACTOR;
let db: Database;
let rooms: ReturnType<typeof signInSettingsForTests>;
let tenantId: string;
let customerId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  rooms = signInSettingsForTests(db);
});
afterAll(() => db.close());
beforeEach(async () => {
  tenantId = await addTenant(db);
  const sql = `INSERT INTO customer (tenant_id, id, name) VALUES ($1, gen_random_uuid(), 'Dairy') RETURNING id`;
  customerId = (await db.query<{ id: string }>(sql, [tenantId]))[0]?.id ?? '';
  for (const table of ['audit_event', 'sign_in_policy']) await db.query(`DELETE FROM ${table}`);
});

/** Applies what a file says of signing in, the system's to the system and the first tenant's to the tenant of this test. */
async function apply(yaml: string, managed = true) {
  const path = join(folder, 'file.yaml');
  writeFileSync(path, yaml);
  const file = readProvisioningFile(path, { S: 'tell-nobody', MORE: 'another-secret' });
  const provisioner = new SignInProvisioner(rooms);
  return db.transaction(async (uow) => {
    const application = new Application(uow, file, managed);
    const { system, tenants } = file.content;
    await provisioner.apply(application, ['system'], { tenantId: SYSTEM_TENANT_ID, name: 'the system' }, system);
    const customers = new Map([['Dairy', customerId]]);
    for (const [index, tenant] of tenants.slice(0, 1).entries())
      await provisioner.apply(application, ['tenants', index], { tenantId, name: 'T' }, tenant, customers);
    return application.tally;
  });
}

const tenantFile = (...lines: readonly string[]) =>
  ['tenants:', '  - name: T', ...lines.map((line) => `    ${line}`)].join('\n');
const PROVIDER =
  'name: Plant login, issuer: "https://login.example.org", clientId: signalpost, allowedDomains: [Example.org]';
const provider = (more: string) =>
  tenantFile('customers: [{ name: Dairy }]', `identityProvider: { ${PROVIDER}, ${more} }`);
const withSecret = (name: string) => provider(`clientSecret: "\${${name}}"`);
const xmins = () =>
  Promise.all(
    ['identity_provider', 'sign_in_policy', 'tenant'].map((table) => db.query(`SELECT xmin::text FROM ${table}`)),
  );
const asManaged = async (work: Promise<unknown>) => {
  await expect(work).rejects.toMatchObject({ code: 'managed-by-file' });
};

it('keeps an identity provider with its secret sealed, and locks it', async () => {
  const result = await apply(withSecret('S'));
  expect(result.created).toEqual(['identity provider "Plant login" of T']);
  expect(await rooms.identityProviders.get(tenantId)).toMatchObject({
    ...{ name: 'Plant login', issuer: 'https://login.example.org', allowedDomains: ['example.org'] },
    ...{ newUsers: 'refuse', role: 'tenant-operator', active: true, trustMissingEmailVerified: false, managed: true },
    clientSecret: { isSet: true },
  });
  expect((await rooms.identityProviders.inUse(tenantId))?.clientSecret).toBe('tell-nobody');
  const everywhere = await db.query(
    `SELECT settings::text AS text FROM identity_provider UNION ALL SELECT changes::text FROM audit_event`,
  );
  expect(JSON.stringify(everywhere)).not.toContain('tell-nobody');
  const input = { clientSecret: { change: 'keep' } } as Parameters<typeof rooms.identityProviders.save>[1]; // it is refused before anything is read
  await asManaged(rooms.identityProviders.save(tenantId, input, ACTOR));
  await asManaged(rooms.identityProviders.remove(tenantId, ACTOR));
});

it('writes nothing when the same is applied again, and sees a changed secret although it is sealed', async () => {
  const more = [
    'signInPolicy: { twoFactorRequiredFor: [tenant-operator] }',
    'notices: { oauth-ended: [tenant-operator] }',
  ];
  const file = (secret: string) => [withSecret(secret), ...more.map((line) => `    ${line}`)].join('\n');
  await apply(file('S'));
  const before = await xmins();
  const entries = async () => (await db.query('SELECT 1 FROM audit_event')).length;
  const written = await entries();
  expect(await apply(file('S'))).toMatchObject({ created: [], updated: [], unlocked: [], unchanged: 3 });
  expect([await xmins(), await entries()]).toEqual([before, written]);
  expect((await apply(file('MORE'))).updated).toEqual(['identity provider "Plant login" of T']);
  expect((await rooms.identityProviders.inUse(tenantId))?.clientSecret).toBe('another-secret');
});

it('knows the customer of new people by name', async () => {
  await apply(provider('newUsers: create, role: customer-user, customer: Dairy'));
  expect(await rooms.identityProviders.get(tenantId)).toMatchObject({ customer: { id: customerId, name: 'Dairy' } });
  await expect(apply(provider('role: customer-user, customer: Mill'))).rejects.toThrow(
    /tenants\[0\]\.identityProvider\.customer: "Mill" is not one of this tenant's customers/,
  );
  await expect(apply(provider('role: customer-user'))).rejects.toThrow(/identityProvider\.customer: is needed/);
});

it.each([
  ['an unknown key', provider('tenantId: x'), /tenants\[0\]\.identityProvider\.tenantId: unknown key/],
  [
    'an issuer without https',
    provider('issuer: "http://login.example.org"').replace('issuer: "https://login.example.org", ', ''),
    /identityProvider\.issuer: .*https/,
  ],
  [
    'an unknown role',
    tenantFile('signInPolicy: { twoFactorRequiredFor: [king] }'),
    /tenants\[0\]\.signInPolicy\.twoFactorRequiredFor\[0\]: /,
  ],
  ['an unknown notice', tenantFile('notices: { weather: [] }'), /tenants\[0\]\.notices.*/],
  [
    'an identity provider of the system',
    `system: { identityProvider: { ${PROVIDER} } }`,
    /system\.identityProvider: unknown key/,
  ],
])('refuses %s with its place', async (_what, file, place) => {
  await expect(apply(file)).rejects.toThrow(place);
});

it('decides who needs a second factor, in the system and in a tenant, and locks that', async () => {
  const system = 'system: { signInPolicy: { twoFactorRequiredFor: [system-administrator] } }';
  const result = await apply(`${system}\n${tenantFile('signInPolicy: { twoFactorRequiredFor: [tenant-operator] }')}`);
  expect(result.created).toEqual(['sign-in policy of the system', 'sign-in policy of T']);
  expect(await rooms.policies.get(tenantId)).toEqual({
    ...{ twoFactorRequiredFor: ['tenant-operator'], inherited: ['system-administrator'], managed: true },
  });
  for (const scope of [tenantId, SYSTEM_TENANT_ID])
    await asManaged(rooms.policies.save(scope, { twoFactorRequiredFor: [] }, ACTOR));
  await apply('system: {}');
  expect(await rooms.policies.save(SYSTEM_TENANT_ID, { twoFactorRequiredFor: [] }, ACTOR)).toMatchObject({
    managed: false,
  });
});

it('decides who is told of what; what it leaves out goes to administrators', async () => {
  const result = await apply(tenantFile('notices: { oauth-ended: [tenant-operator], quota-near: [] }'));
  expect(result.updated).toEqual(['notices of T']);
  const { notices, managed } = await rooms.notices.defaults(tenantId);
  expect(managed).toBe(true);
  expect(notices).toMatchObject({
    ...{ 'oauth-ended': ['tenant-operator'], 'quota-near': [] },
    'oauth-expiring': expect.arrayContaining(['tenant-administrator']),
  });
  const principal = { tenantId, userId: tenantId, role: 'tenant-administrator', customerId: null } as const;
  await asManaged(rooms.notices.setDefaults(principal, { notices }, ACTOR));
});

it('unlocks what the file names no more, and deletes nothing', async () => {
  await apply(
    [
      withSecret('S'),
      '    signInPolicy: { twoFactorRequiredFor: [tenant-operator] }',
      '    notices: { oauth-ended: [] }',
    ].join('\n'),
  );
  const result = await apply(tenantFile());
  expect(result.unlocked).toEqual(['sign-in policy of T', 'notices of T', 'identity provider "Plant login" of T']);
  expect(await rooms.identityProviders.get(tenantId)).toMatchObject({ name: 'Plant login', managed: false });
  expect(await rooms.policies.get(tenantId)).toMatchObject({
    twoFactorRequiredFor: ['tenant-operator'],
    managed: false,
  });
  expect(await rooms.notices.defaults(tenantId)).toMatchObject({ notices: { 'oauth-ended': [] }, managed: false });
  expect((await apply(tenantFile())).unlocked).toEqual([]);
  expect((await apply(withSecret('S'))).updated).toEqual(['identity provider "Plant login" of T']);
});

it('takes the example of the README', async () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
  const example = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);
  const yaml = example.find((one) => one.includes('identityProvider'))?.replace('OIDC_SECRET', 'S');
  const result = await apply(yaml ?? '');
  expect(result.created).toEqual([
    'sign-in policy of the system',
    'sign-in policy of T',
    expect.stringContaining('Plant login'),
  ]);
  expect(result.updated).toEqual(['notices of T']);
});

it('leaves what a demo fills in to people', async () => {
  await apply(withSecret('S'), false);
  expect(await rooms.identityProviders.get(tenantId)).toMatchObject({ managed: false });
  await expect(rooms.identityProviders.remove(tenantId, ACTOR)).resolves.toBeUndefined();
});
