import { afterAll, beforeAll, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../start/test-app.testing.js';
import { CustomerRemoval } from './index.js';

let test: TestApp;
let people: People;
let admin: { Cookie: string };
beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
  admin = await signedIn(test.url, people.emails.admin);
});
afterAll(() => test.close());

const customers = (method: string, path = '', body?: unknown, as: Record<string, string> = admin) =>
  send(`${test.url}/api/customers${path}`, method, body, { 'If-Match': '"1"', ...as });

it('makes, renames and deletes a customer, and writes it down', async () => {
  const made = await customers('POST', '', { name: 'Dairy' });
  expect(made).toMatchObject({
    status: 201,
    body: { name: 'Dairy', counts: { users: 0, devices: 0 }, managed: false },
  });
  const path = `/${String(made.body['id'])}`;
  expect(await customers('PUT', path, { name: 'Cheese dairy' })).toMatchObject({
    status: 200,
    body: { name: 'Cheese dairy' },
  });
  expect((await customers('GET', '?search=CHEESE')).body['items']).toMatchObject([{ name: 'Cheese dairy' }]);
  const forgotten: string[] = [];
  test.app.get(CustomerRemoval).add((_uow, _tenant, id) => Promise.resolve(void forgotten.push(id)));
  expect((await customers('DELETE', path)).status).toBe(204);
  expect(forgotten).toEqual([made.body['id']]);
  expect((await customers('GET', path)).status).toBe(404);
  const actions = await test.database.query(
    `SELECT action FROM audit_event WHERE entity_type = 'customer' ORDER BY at, id`,
  );
  expect(actions).toEqual(['created', 'updated', 'deleted'].map((what) => ({ action: `customer.${what}` })));
});

it('renames what was read, and nothing that somebody else has renamed meanwhile', async () => {
  const made = await customers('POST', '', { name: 'Shared' });
  const path = `/${String(made.body['id'])}`;
  const put = async (tag: string, name: string) => {
    const answer = await customers('PUT', path, { name }, { ...admin, 'If-Match': tag });
    return [answer.status, answer.headers.get('etag'), answer.body['code']];
  };
  expect([made.headers.get('etag'), made.body['revision']]).toEqual(['"1"', 1]);
  expect((await send(`${test.url}/api/customers${path}`, 'PUT', { name: 'A' }, admin)).status).toBe(428);
  expect(await put('"1"', 'Shared A')).toEqual([200, '"2"', undefined]);
  expect(await put('"2"', 'Shared A')).toEqual([200, '"2"', undefined]); // nothing changed
  expect(await put('"1"', 'Shared B')).toEqual([412, null, 'changed-meanwhile']);
  const both = await Promise.all([put('"2"', 'Shared C'), put('"2"', 'Shared D')]);
  expect(both.map(([status]) => status).sort()).toEqual([200, 412]);
  expect((await customers('GET', path)).headers.get('etag')).toBe('"3"');
});

it('keeps a customer who still has users or devices', async () => {
  expect((await customers('GET', `/${people.customerId}`)).body).toMatchObject({ counts: { users: 1, devices: 0 } });
  expect(await customers('DELETE', `/${people.customerId}`)).toMatchObject({
    status: 409,
    body: { code: 'customer-in-use' },
  });
});

it('takes a name once a tenant', async () => {
  expect(await customers('POST', '', { name: 'Customer A' })).toMatchObject({
    status: 409,
    body: { code: 'name-taken' },
  });
  const stranger = await signedIn(test.url, people.emails.stranger);
  expect((await customers('POST', '', { name: 'Customer A' }, stranger)).status).toBe(201);
});

it('reaches the own tenant alone, and a customer user the own customer', async () => {
  const stranger = await signedIn(test.url, people.emails.stranger);
  const path = `/${people.customerId}`;
  expect((await customers('GET', path, undefined, stranger)).status).toBe(404);
  expect((await customers('PUT', path, { name: 'Mine' }, stranger)).status).toBe(404);
  expect((await customers('DELETE', path, undefined, stranger)).status).toBe(404);
  const other = String((await customers('POST', '', { name: 'Customer B' })).body['id']);
  const user = await signedIn(test.url, people.emails.customer);
  expect([
    (await customers('GET', path, undefined, user)).status,
    (await customers('GET', `/${other}`, undefined, user)).status,
  ]).toEqual([200, 404]);
});

it('lets administrators alone change, and nobody what the provisioning file manages', async () => {
  const operator = await signedIn(test.url, people.emails.operator);
  expect((await customers('POST', '', { name: 'X' }, operator)).status).toBe(403);
  await test.database.query('UPDATE customer SET managed = true WHERE id = $1', [people.customerId]);
  expect(await customers('PUT', `/${people.customerId}`, { name: 'Y' })).toMatchObject({
    status: 409,
    body: { code: 'managed-by-file' },
  });
});
