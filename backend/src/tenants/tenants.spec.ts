import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../access/index.js';
import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../start/test-app.testing.js';
import { TenantRemoval } from './index.js';

let test: TestApp;
let people: People;
let system: { Cookie: string };
beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
  system = await signedIn(test.url, people.emails.system);
});
afterAll(() => test.close());

const tenants = (method: string, path = '', body?: unknown, as: Record<string, string> = system) =>
  send(`${test.url}/api/tenants${path}`, method, body, { 'If-Match': '"1"', ...as });
const limits = {
  mayUseSystemMail: true,
  systemMailsPerDay: 50,
  telemetryPerSecond: 50,
  maxWaitingMails: 1000,
  maxUsers: 10,
  maxDevices: null,
};

it('makes a tenant with its language and limits, finds and counts it, and writes it down', async () => {
  const made = await tenants('POST', '', { name: 'Mill', language: 'de', limits });
  expect(made).toMatchObject({
    status: 201,
    body: {
      name: 'Mill',
      language: 'de',
      limits,
      counts: { administrators: 0, users: 0, devices: 0, customers: 0 },
      managed: false,
    },
  });
  expect((await tenants('GET', '?search=mIL')).body['items']).toMatchObject([{ name: 'Mill' }]);
  expect((await tenants('GET', `/${people.tenantId}`)).body).toMatchObject({
    counts: { administrators: 1, users: 3, devices: 0, customers: 1 },
  });
  const [event] = await test.database.query(
    `SELECT tenant_id, changes FROM audit_event WHERE action = 'tenant.created'`,
  );
  expect(event).toMatchObject({
    tenant_id: SYSTEM_TENANT_ID,
    changes: expect.arrayContaining([{ field: 'limits.maxUsers', before: null, after: 10 }]),
  });
});

it('gives what is not said: English, and the limits as they are by default', async () => {
  expect((await tenants('POST', '', { name: 'Plain' })).body).toMatchObject({
    language: 'en',
    limits: {
      mayUseSystemMail: false,
      systemMailsPerDay: 1_000,
      telemetryPerSecond: null,
      maxWaitingMails: 100_000,
      maxUsers: null,
      maxDevices: null,
    },
  });
});

it('changes name, language and limits, and says what was before', async () => {
  const { id } = (await tenants('POST', '', { name: 'Old name' })).body;
  expect(await tenants('PUT', `/${String(id)}`, { name: 'New name', language: 'de', limits })).toMatchObject({
    status: 200,
    body: { name: 'New name', language: 'de', limits },
  });
  const [event] = await test.database.query(
    `SELECT changes FROM audit_event WHERE action = 'tenant.updated' AND entity_id = $1`,
    [id],
  );
  expect(event).toMatchObject({
    changes: expect.arrayContaining([{ field: 'name', before: 'Old name', after: 'New name' }]),
  });
});

it('changes what was read, and nothing that somebody else has changed meanwhile', async () => {
  const made = await tenants('POST', '', { name: 'Shared' });
  const path = `/${String(made.body['id'])}`;
  const put = async (tag: string, name: string) => {
    const body = { name, language: 'en', limits };
    const answer = await tenants('PUT', path, body, { ...system, 'If-Match': tag });
    return [answer.status, answer.headers.get('etag'), answer.body['code']];
  };
  expect([made.headers.get('etag'), made.body['revision']]).toEqual(['"1"', 1]);
  expect((await send(`${test.url}/api/tenants${path}`, 'PUT', { name: 'A' }, system)).status).toBe(428);
  expect(await put('"1"', 'A tenant')).toEqual([200, '"2"', undefined]);
  expect(await put('"2"', 'A tenant')).toEqual([200, '"2"', undefined]); // nothing changed
  expect(await put('"1"', 'B tenant')).toEqual([412, null, 'changed-meanwhile']);
  const both = await Promise.all([put('"2"', 'C tenant'), put('"2"', 'D tenant')]);
  expect(both.map(([status]) => status).sort()).toEqual([200, 412]);
  expect((await tenants('GET', path)).headers.get('etag')).toBe('"3"');
});

it('takes a name once, that of the system included', async () => {
  for (const name of ['Plant', 'System'])
    expect(await tenants('POST', '', { name })).toMatchObject({ status: 409, body: { code: 'name-taken' } });
  const { id } = (await tenants('POST', '', { name: 'Free' })).body;
  expect((await tenants('PUT', `/${String(id)}`, { name: 'Plant', language: 'en', limits })).status).toBe(409);
});

it('deletes a tenant with everything in it, for who says its name', async () => {
  const { id } = (await tenants('POST', '', { name: 'Doomed' })).body;
  const sql = [
    `INSERT INTO customer (tenant_id, id, name) VALUES ($1, $1, 'C')`,
    `INSERT INTO user_account (tenant_id, id, email, role, customer_id) VALUES ($1, gen_random_uuid(), 'doomed@example.org', 'customer-user', $1)`,
    `INSERT INTO device (tenant_id, id, name, customer_id, token_hash) VALUES ($1, gen_random_uuid(), 'D', $1, 'x')`,
  ];
  for (const insert of sql) await test.database.query(insert, [id]);
  const forgotten: string[] = [];
  test.app.get(TenantRemoval).add((_uow, tenantId) => Promise.resolve(void forgotten.push(tenantId)));
  expect(await tenants('DELETE', `/${String(id)}?confirm=doomed`)).toMatchObject({
    status: 409,
    body: { code: 'not-confirmed' },
  });
  expect((await tenants('DELETE', `/${String(id)}?confirm=Doomed`)).status).toBe(204);
  expect(forgotten).toEqual([id]);
  for (const table of ['customer', 'user_account', 'device'])
    expect(await test.database.query(`SELECT 1 FROM ${table} WHERE tenant_id = $1`, [id])).toEqual([]);
  expect((await tenants('GET', `/${String(id)}`)).status).toBe(404);
});

it('never shows, changes or deletes the system scope', async () => {
  const path = `/${SYSTEM_TENANT_ID}`;
  expect((await tenants('GET')).body['items']).not.toContainEqual(expect.objectContaining({ name: 'System' }));
  for (const [method, where, body] of [
    ['GET', path, undefined],
    ['PUT', path, { name: 'Mine', language: 'en', limits }],
    ['DELETE', `${path}?confirm=System`, undefined],
  ] as const)
    expect([method, (await tenants(method, where, body)).status]).toEqual([method, 404]);
});

it('keeps away from a tenant that the provisioning file manages', async () => {
  await test.database.query('UPDATE tenant SET managed = true WHERE id = $1', [people.otherTenantId]);
  for (const [method, where, body] of [
    ['PUT', '', { name: 'Other', language: 'en', limits }],
    ['DELETE', '?confirm=Other', undefined],
  ] as const)
    expect(await tenants(method, `/${people.otherTenantId}${where}`, body)).toMatchObject({
      status: 409,
      body: { code: 'managed-by-file' },
    });
});

it('is for the system administrator alone', async () => {
  const admin = await signedIn(test.url, people.emails.admin);
  expect((await tenants('GET', '', undefined, admin)).status).toBe(403);
  expect((await tenants('DELETE', `/${people.tenantId}?confirm=Plant`, undefined, admin)).status).toBe(403);
});

it('lets a tenant have as many devices as its limit says, however many are made at once', async () => {
  await tenants('PUT', `/${people.tenantId}`, { name: 'Plant', language: 'en', limits: { ...limits, maxDevices: 2 } });
  const admin = await signedIn(test.url, people.emails.admin);
  const made = await Promise.all(
    Array.from({ length: 5 }, (_, n) => send(`${test.url}/api/devices`, 'POST', { name: `D${n}` }, admin)),
  );
  expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409]);
  expect(made.find(({ status }) => status === 409)?.body).toMatchObject({
    code: 'limit-reached',
    detail: 'The tenant may have 2 devices.',
  });
});
