import { afterAll, beforeAll, expect, it } from 'vitest';

import { fixture } from '../stack/chains.js';
import { ask } from '../stack/database.js';
import { Product, type Ended } from '../stack/product.js';
import { ADMIN, smtp, tenant, TOKEN } from '../stack/tenant.js';

const PASSWORD = 'an-smtp-password';
const file = (password = PASSWORD) => ({
  system: { admins: [{ email: 'sysadmin@example.org', password: 'a-long-enough-secret' }] },
  tenants: [
    tenant({
      mailServer: smtp(2500, { auth: { kind: 'basic', username: 'u', password } }),
      chain: fixture('create_clear_alarm___send_email.json'),
    }),
  ],
});

let product: Product;
beforeAll(async () => {
  product = await Product.start({ provisioning: file() });
});
afterAll(() => product.dispose());

const apply = async (content: object | string): Promise<Ended> => product.cli('apply', product.provision(content));
const revisions = () => ask(product.databaseUrl, 'SELECT name, revision, updated_at FROM mail_server ORDER BY name');

it('changes nothing when the same file is applied again', async () => {
  const before = await revisions();
  expect((await apply(file())).code).toBe(0);
  expect(await revisions()).toEqual(before);
});

it('sees a changed secret, although it is sealed, and counts one revision', async () => {
  const [before] = await revisions();
  expect((await apply(file('another-password'))).code).toBe(0);
  expect((await apply(file('another-password'))).code).toBe(0);
  expect((await revisions())[0]?.['revision']).toBe(Number(before?.['revision']) + 1);
});

it('sets passwords of people when it makes them, and never again', async () => {
  const changed = file();
  changed.tenants[0]!.admins[0] = { ...ADMIN, password: 'not-this-one-please' };
  expect((await apply(changed)).code).toBe(0);
  await expect(product.signIn(ADMIN.email, ADMIN.password)).resolves.toBeDefined();
  await expect(product.signIn(ADMIN.email, 'not-this-one-please')).rejects.toThrow('401');
});

it.each([
  ['an unknown key', { tenants: [{ name: 'Demo', colour: 'red' }] }, /tenants\S*0\S*.*colour/s],
  ['a missing variable', { tenants: [{ name: '${NOT_SET_ANYWHERE}' }] }, /tenants\S*0\S*name.*NOT_SET_ANYWHERE/s],
  [
    'a bad value',
    { tenants: [{ name: 'Demo', devices: [{ name: 'X', token: 'no spaces please' }] }] },
    /devices\S*0\S*token/,
  ],
  ['what is no YAML', 'tenants: [', /provisioning\.yaml/],
])('refuses %s with its place, and changes nothing', async (_what, content, place) => {
  const { code, output } = await apply(content);
  expect(code).toBe(1);
  expect(output).toMatch(place);
  expect(output).not.toMatch(/^\s+at .*:\d+/m);
});

it('does all of a file or nothing: a bad last entry takes the first ones back', async () => {
  const half = { tenants: [{ name: 'Half made' }, { name: 'Demo', ruleChains: [{ file: 'missing.json' }] }] };
  expect((await apply(half)).code).toBe(1);
  expect(await ask(product.databaseUrl, `SELECT 1 FROM tenant WHERE name = 'Half made'`)).toEqual([]);
});

it('decides how people sign in until the file names it no more, and never writes the client secret out', async () => {
  const SECRET = 'an-oidc-client-secret';
  const decided = {
    system: { ...file().system, signInPolicy: { twoFactorRequiredFor: ['customer-user'] } },
    tenants: [
      {
        ...file().tenants[0]!,
        signInPolicy: { twoFactorRequiredFor: ['tenant-operator'] },
        notices: { 'oauth-ended': ['tenant-operator'] },
        identityProvider: {
          ...{ name: 'Plant login', issuer: 'https://login.example.org', clientId: 'signalpost' },
          ...{ clientSecret: SECRET, allowedDomains: ['example.org'] },
        },
      },
    ],
  };
  const applied = await apply(decided);
  expect(applied.code, applied.output).toBe(0);
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const provider = async () => (await admin.get<{ provider: object }>('/api/identity-provider')).provider;
  const policy = { twoFactorRequiredFor: ['tenant-operator'], inherited: ['customer-user'] };
  expect(await provider()).toMatchObject({ managed: true, name: 'Plant login', clientSecret: { isSet: true } });
  expect(await admin.get('/api/sign-in-policy')).toEqual({ ...policy, managed: true });
  const notices = await admin.get<{ notices: object; managed: boolean }>('/api/notice-defaults');
  expect(notices).toMatchObject({ managed: true, notices: { 'oauth-ended': ['tenant-operator'] } });
  const refused = 'managed-by-file';
  await expect(admin.delete('/api/identity-provider')).rejects.toThrow(refused);
  for (const [path, body] of [
    ['/api/sign-in-policy', { twoFactorRequiredFor: [] }],
    ['/api/notice-defaults', { notices: notices.notices }],
  ] as const)
    expect((await admin.send('PUT', path, body)).status, path).toBe(409);
  expect(JSON.stringify([applied.output, await provider()])).not.toContain(SECRET);
  expect(
    await ask(product.databaseUrl, `SELECT 1 FROM identity_provider WHERE settings::text LIKE '%${SECRET}%'`),
  ).toEqual([]);

  expect((await apply(decided)).output).toContain('0 created, 0 updated, 0 unlocked');
  expect((await apply({ system: file().system })).code).toBe(0); // without the tenant
  expect(await provider()).toMatchObject({ managed: false, name: 'Plant login' });
  expect(await admin.get('/api/sign-in-policy')).toEqual({ ...policy, managed: false });
  expect(await admin.get('/api/notice-defaults')).toMatchObject({ managed: false });
  expect((await apply(file())).code).toBe(0);
  await admin.delete('/api/identity-provider');
});

it('marks what the file names, and lets go what it names no more without deleting it', async () => {
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const device = async () => (await admin.list<{ name: string; managed: boolean; id: string }>('/api/devices'))[0]!;
  expect(await device()).toMatchObject({ managed: true });
  await expect(admin.delete(`/api/devices/${(await device()).id}`)).rejects.toThrow('managed-by-file');

  const without = file();
  without.tenants[0]!.devices = [];
  expect((await apply(without)).code).toBe(0);
  expect(await device()).toMatchObject({ managed: false });
  expect((await product.telemetry(TOKEN, { temperature: 1 })).status).toBe(200);
});
