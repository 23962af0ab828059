import { afterAll, beforeAll, expect, it } from 'vitest';

import { MailRoutes } from './mail-route.js';
import { errorsOf, startServersApi, type Answer, type Body, type ServersApi, type Who } from './servers-api.testing.js';
import { StoredSettings } from './stored-settings.js';

const VALUE = 'tell-nobody-42';
let api: ServersApi;
beforeAll(async () => {
  api = await startServersApi();
});
afterAll(() => api.close());

let count = 0;
const addSecret = (who: Who = 'admin', value = VALUE): Promise<Answer> =>
  api.as(who, 'POST', '/secrets', { name: `Secret ${++count}`, value: { change: 'set', value } });
const addServer = (secretId: unknown, who: Who = 'admin', more: object = {}): Promise<Answer> => {
  const auth = { kind: 'basic', username: 'u', password: { change: 'named', secretId } };
  const settings = { provider: 'custom', from: 'a@example.org', host: 'smtp.example.org', auth, ...more };
  return api.as(who, 'POST', '/servers', { name: `Server ${++count}`, settings });
};
const route = (answer: Answer) => {
  const sandbox = { host: '127.0.0.1', port: 0, passwordOf: () => '' };
  const routes = new MailRoutes({ stored: api.test.app.get(StoredSettings), sandbox });
  return routes.resolve(api.test.database, { tenantId: api.people.tenantId, id: String(answer.body['id']) });
};

it('keeps a secret under a name and gives it to nobody', async () => {
  const made = await addSecret();
  expect(made).toMatchObject({ status: 201, etag: '"1"', body: { managed: false, usedBy: [] } });
  const list = await api.as('admin', 'GET', '/secrets');
  expect(JSON.stringify([made, list])).not.toMatch(/tell-nobody|s1:k/);
  expect(errorsOf(await api.as('admin', 'POST', '/secrets', { name: 'Empty' }))).toEqual(['/value must be entered']);
});

it('lets servers of the same scope name it: they send with its newest value at once', async () => {
  const secret = await addSecret();
  const { id, name } = secret.body;
  const server = await addServer(id);
  expect(server.body['settings']).toMatchObject({ auth: { password: { isSet: true, named: { id, name } } } });
  expect((await route(server))?.settings.auth).toMatchObject({ password: VALUE });
  const used = await api.as('admin', 'GET', `/secrets/${String(id)}`);
  expect(used.body).toMatchObject({ usedBy: [{ id: server.body['id'] }] });
  const renewed = { name, value: { change: 'set', value: 'another' } };
  const saved = await api.as('admin', 'PUT', `/secrets/${String(id)}`, renewed, used.etag);
  expect(saved).toMatchObject({ status: 200, etag: '"2"' });
  expect(await route(server)).toMatchObject({ revision: 2, settings: { auth: { password: 'another' } } });
});

it('keeps its value while only its name changes, and does not disturb who uses it', async () => {
  const secret = await addSecret();
  const path = `/secrets/${String(secret.body['id'])}`;
  const server = await addServer(secret.body['id']);
  const renamed = await api.as('admin', 'PUT', path, { name: 'Renamed' }, secret.etag);
  expect(renamed.body).toMatchObject({ name: 'Renamed', changedAt: secret.body['changedAt'] });
  expect(await route(server)).toMatchObject({ revision: 1, settings: { auth: { password: VALUE } } });
  expect(await api.as('admin', 'PUT', path, { name: 'Again' }, secret.etag)).toMatchObject({ status: 412 });
});

it('lets no other scope name, see or change it', async () => {
  const [own, system] = [await addSecret(), await addSecret('system')];
  for (const [who, { body, etag }] of [
    ['stranger', own],
    ['system', own],
    ['admin', system],
  ] as const) {
    const path = `/secrets/${String(body['id'])}`;
    expect(await api.as(who, 'GET', path)).toMatchObject({ status: 404 });
    expect(await api.as(who, 'PUT', path, { name: 'X' }, etag)).toMatchObject({ status: 404 });
    expect(await api.as(who, 'DELETE', path)).toMatchObject({ status: 404 });
    expect(errorsOf(await addServer(body['id'], who))).toEqual([
      '/settings/auth/password there is no such secret, or it cannot be opened; choose one.',
    ]);
  }
  expect(await api.as('operator', 'GET', '/secrets')).toMatchObject({ status: 403 });
});

it('is deleted when no server names it any more', async () => {
  const secret = await addSecret();
  const path = `/secrets/${String(secret.body['id'])}`;
  const server = await addServer(secret.body['id']);
  const inUse = { status: 409, body: { code: 'mail-secret-in-use', detail: `"${String(server.body['name'])}"` } };
  expect(await api.as('admin', 'DELETE', path)).toMatchObject(inUse);
  await api.test.database.query('DELETE FROM mail_server WHERE id = $1', [server.body['id']]);
  expect(await api.as('admin', 'DELETE', path)).toMatchObject({ status: 204 });
});

const proxy = (more: object = {}) => ({
  ...{ name: `Proxy ${++count}`, kind: 'http', host: 'proxy.example.org', port: 3128, username: 'p' },
  ...{ password: { change: 'set', value: VALUE }, ...more },
});

it('has connectors that the system keeps, and that tenants know by name where they are shared', async () => {
  const shared = await api.as('system', 'POST', '/connectors', proxy({ shared: true }));
  expect(shared).toMatchObject({ status: 201, body: { host: 'proxy.example.org', password: { isSet: true } } });
  const own = await api.as('system', 'POST', '/connectors', proxy());
  const list = await api.as('admin', 'GET', '/connectors');
  expect(list.body['items']).toEqual([
    expect.objectContaining({
      id: shared.body['id'],
      host: null,
      port: null,
      username: null,
      resolvesNames: null,
      password: null,
    }),
  ]);
  expect(JSON.stringify([shared, own, list])).not.toMatch(/tell-nobody|s1:k/);
  expect(await api.as('admin', 'POST', '/connectors', proxy())).toMatchObject({ status: 403 });
  const { secretId } = { secretId: (await addSecret()).body['id'] };
  expect(errorsOf(await addServer(secretId, 'admin', { connectorId: own.body['id'] }))).toEqual([
    '/settings/connectorId there is no such connector; choose one of those that are shared.',
  ]);
  expect(await addServer(secretId, 'admin', { connectorId: shared.body['id'] })).toMatchObject({ status: 201 });
});

it('sends no old password to another proxy, and keeps what is in use', async () => {
  const made = await api.as('system', 'POST', '/connectors', proxy({ shared: true }));
  const path = `/connectors/${String(made.body['id'])}`;
  const moved = { ...proxy({ shared: true, host: 'elsewhere.example.org', password: { change: 'keep' } }) };
  expect(errorsOf(await api.as('system', 'PUT', path, moved, made.etag))[0]).toMatch(
    /^\/password must be entered again/,
  );
  const server = await addServer((await addSecret()).body['id'], 'admin', { connectorId: made.body['id'] });
  const unshared = proxy({ password: { change: 'keep' } });
  const inUse = { status: 409, body: { code: 'mail-connector-in-use', detail: '1 mail server(s) of tenants' } };
  expect(await api.as('system', 'PUT', path, unshared, made.etag)).toMatchObject(inUse);
  expect(await api.as('system', 'DELETE', path)).toMatchObject(inUse);
  const port = { ...proxy({ shared: true, port: 8080, password: { change: 'keep' } }) };
  expect(await api.as('system', 'PUT', path, port, made.etag)).toMatchObject({ status: 200, body: { port: 8080 } });
  expect((await api.as('admin', 'GET', `/servers/${String(server.body['id'])}`)).etag).toBe('"2"');
});

it('has one default connector, and only a shared one', async () => {
  expect(errorsOf(await api.as('system', 'POST', '/connectors', proxy({ default: true })))).toEqual([
    '/default only a shared connector can be the default one',
  ]);
  await api.as('system', 'POST', '/connectors', proxy({ default: true, shared: true }));
  const second = await api.as('system', 'POST', '/connectors', proxy({ default: true, shared: true }));
  const items = (await api.as('system', 'GET', '/connectors')).body['items'] as Body[]; // of the schema
  expect(items.filter((item) => item['default']).map(({ id }) => id)).toEqual([second.body['id']]);
});
