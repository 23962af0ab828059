import { afterAll, beforeAll, expect, it } from 'vitest';

import { hashToken } from '../access/index.js';
import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../start/test-app.testing.js';
import { Customers, DeviceRemoval, Devices } from './index.js';

let test: TestApp;
let people: People;
let sessions: Readonly<Record<keyof People['emails'], { Cookie: string }>>;
beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
  const cookieOf = (who: keyof People['emails']) => signedIn(test.url, people.emails[who]);
  sessions = {
    system: await cookieOf('system'),
    admin: await cookieOf('admin'),
    operator: await cookieOf('operator'),
    customer: await cookieOf('customer'),
    stranger: await cookieOf('stranger'),
  };
});
afterAll(() => test.close());

const as = (who: keyof People['emails'], method: string, path: string, body?: unknown) =>
  send(`${test.url}/api/${path}`, method, body, sessions[who]);
const create = async (device: object) => (await as('admin', 'POST', 'devices', device)).body;
const namesFor = async (who: keyof People['emails'], path: string): Promise<unknown> => {
  const { body } = await as(who, 'GET', path);
  return Array.isArray(body['items']) ? body['items'].map((item: { name: string }) => item.name) : body;
};

it('shows the access token of a new device once, and keeps its hash alone', async () => {
  const created = await create({ name: 'Pump 1', type: 'pump' });
  expect(created).toMatchObject({
    name: 'Pump 1',
    type: 'pump',
    label: '',
    customer: null,
    managed: false,
    lastActivityAt: null,
  });
  const [row] = await test.database.query<{ token_hash: Buffer }>('SELECT token_hash FROM device WHERE id = $1', [
    created['id'],
  ]);
  expect(row?.token_hash).toEqual(hashToken(String(created['accessToken'])));
  const listed = await as('admin', 'GET', 'devices?search=PUMP');
  expect(listed.body).toEqual({
    items: [expect.not.objectContaining({ accessToken: expect.anything() })],
    nextCursor: null,
  });
});

it('shows one device to those who may see it', async () => {
  const { id } = await create({ name: 'Pump 0' });
  expect(await as('operator', 'GET', `devices/${String(id)}`)).toMatchObject({ status: 200, body: { name: 'Pump 0' } });
  for (const who of ['customer', 'stranger'] as const) {
    expect((await as(who, 'GET', `devices/${String(id)}`)).status).toBe(404);
  }
});

it('renews the token: the old one is gone', async () => {
  const { id, accessToken } = await create({ name: 'Pump 2' });
  const renewed = await as('admin', 'POST', `devices/${String(id)}/access-token`);
  expect(renewed).toMatchObject({ status: 200, body: { accessToken: expect.stringMatching(/^[\w-]{43}$/) } });
  const found = await test.database.query('SELECT 1 FROM device WHERE token_hash = $1', [
    hashToken(String(accessToken)),
  ]);
  expect(found).toEqual([]);
});

it('deletes a device together with what the rooms above keep about it', async () => {
  const { id } = await create({ name: 'Pump 3' });
  const forgotten: string[] = [];
  test.app.get(DeviceRemoval).add((_uow, _tenant, device) => Promise.resolve(void forgotten.push(device)));
  expect((await as('admin', 'DELETE', `devices/${String(id)}`)).status).toBe(204);
  expect(forgotten).toEqual([id]);
  expect(await as('admin', 'DELETE', `devices/${String(id)}`)).toMatchObject({ status: 404 });
});

it('shows a customer user the own devices alone, and a tenant nothing of another', async () => {
  await create({ name: 'Of customer', customerId: people.customerId });
  expect(await namesFor('customer', 'devices')).toEqual(['Of customer']);
  expect(await namesFor('operator', 'devices')).toEqual(expect.arrayContaining(['Of customer', 'Pump 1']));
  expect(await namesFor('stranger', 'devices')).toEqual([]);
  expect((await as('system', 'GET', 'devices')).status).toBe(403);
});

it('lets no stranger touch a device, not even by its id', async () => {
  const { id } = await create({ name: 'Pump 4' });
  expect((await as('stranger', 'DELETE', `devices/${String(id)}`)).status).toBe(404);
  expect((await as('stranger', 'POST', `devices/${String(id)}/access-token`)).status).toBe(404);
  expect(await as('stranger', 'POST', 'devices', { name: 'Thief', customerId: people.customerId })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/customerId' }] },
  });
});

it('lets operators and customer users see, and change nothing', async () => {
  const { id } = await create({ name: 'Pump 5' });
  for (const who of ['operator', 'customer'] as const) {
    expect((await as(who, 'POST', 'devices', { name: 'Mine' })).status).toBe(403);
    expect((await as(who, 'DELETE', `devices/${String(id)}`)).status).toBe(403);
    expect((await as(who, 'POST', `devices/${String(id)}/access-token`)).status).toBe(403);
  }
});

it('refuses names that are taken, empty, too long or not on one line', async () => {
  await create({ name: 'Twin' });
  expect(await as('admin', 'POST', 'devices', { name: ' Twin ' })).toMatchObject({
    status: 409,
    body: { code: 'name-taken' },
  });
  for (const name of ['', ' ', 'x'.repeat(256), 'two\nlines', 'nul\0', 'hidden\u202e']) {
    expect(await as('admin', 'POST', 'devices', { name })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/name' }] },
    });
  }
});

it('locks a device that the provisioning file manages', async () => {
  const id = await test.database.transaction(async (uow) => {
    const device = { name: 'Managed', type: 'default', label: '', customerId: null, accessToken: 'MANAGED' };
    return (await test.app.get(Devices).save(uow, people.tenantId, device, true)).id;
  });
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/access-token'],
  ] as const) {
    expect(await as('admin', method, `devices/${id}${path}`)).toMatchObject({
      status: 409,
      body: { code: 'managed-by-file' },
    });
  }
});

it('pages through a list in its order', async () => {
  for (let number = 1; number <= 5; number += 1) await create({ name: `Page ${number}`, label: 'paged' });
  const first = await as('admin', 'GET', 'devices?search=paged&limit=3');
  expect(first.body['items']).toMatchObject([{ name: 'Page 1' }, { name: 'Page 2' }, { name: 'Page 3' }]);
  expect(await namesFor('admin', `devices?search=paged&limit=3&cursor=${String(first.body['nextCursor'])}`)).toEqual([
    'Page 4',
    'Page 5',
  ]);
});

it('lists tenants to the system administrator, users to staff, customers to their tenant', async () => {
  expect(await namesFor('system', 'tenants')).toEqual(['Other', 'Plant']);
  expect((await as('admin', 'GET', 'tenants')).status).toBe(403);
  const { body } = await as('operator', 'GET', 'users');
  expect(body['items']).toMatchObject([
    { email: 'admin@example.org', role: 'tenant-administrator', customer: null },
    { email: 'customer@example.org', role: 'customer-user', customer: { name: 'Customer A' } },
    { email: 'operator@example.org' },
  ]);
  expect((await as('customer', 'GET', 'users')).status).toBe(403);
  expect((await as('system', 'GET', 'users')).body['items']).toMatchObject([{ email: 'system@example.org' }]);
  await test.database.transaction((uow) =>
    test.app.get(Customers).save(uow, people.tenantId, { name: 'Customer B' }, false),
  );
  expect(await namesFor('admin', 'customers')).toEqual(['Customer A', 'Customer B']);
  expect(await namesFor('customer', 'customers')).toEqual(['Customer A']);
});
