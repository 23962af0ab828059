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
