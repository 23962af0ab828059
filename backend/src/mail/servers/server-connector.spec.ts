import { randomBytes } from 'node:crypto';

import { outboundSettingsSchema } from '@signalpost/contracts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { EgressGuard } from '../../net/index.js';
import { startHttpProxy } from '../../net/proxies.testing.js';
import { addTenant } from '../../queue/queue.testing.js';
import { SecretBox } from '../../secrets/index.js';
import { serverRooms } from '../mail-servers.testing.js';
import { startRaw } from '../smtp-servers.testing.js';
import { MailRoutes } from './mail-route.js';
import { tokenWay } from './server-connector.js';

const secrets = new SecretBox([{ kid: 'k', key: randomBytes(32) }]);
let db: Database;
let rooms: ReturnType<typeof serverRooms>;
let routes: MailRoutes;
let tenant: string;
beforeAll(async () => {
  db = await createTestDatabase();
  rooms = serverRooms(db, secrets);
  const { stored, connectors } = rooms;
  routes = new MailRoutes({ stored, connectors, sandbox: { host: '127.0.0.1', port: 0, passwordOf: () => '' } });
});
afterAll(() => db.close());
beforeEach(async () => {
  tenant = await addTenant(db);
  await db.query('DELETE FROM mail_connector');
});

const proxy = {
  kind: 'socks5',
  host: 'proxy.example.org',
  port: 1080,
  username: 'u',
  password: 'connector-secret',
  resolvesNames: false,
} as const;
const connector = (name: string, more: object = {}) =>
  db.transaction((uow) =>
    rooms.connectors.save(uow, {
      ...{ name, shared: true, default: false, settings: proxy, managed: false, by: SYSTEM_ACTOR },
      ...more,
    }),
  );

async function server(tenantId: string, more: object): Promise<string> {
  const given = { provider: 'custom', from: 'a@example.org', host: 'smtp.example.org', ...more };
  const settings = outboundSettingsSchema.parse(given);
  const input = { name: 'DEFAULT', default: true, active: true, managed: false, settings, by: SYSTEM_ACTOR };
  const saved = await db.transaction((uow) => rooms.servers.save(uow, tenantId, input));
  if (!saved.ok) throw new Error(saved.failure.message);
  return saved.value.id;
}
const wayOf = async (tenantId: string, more: object) =>
  (await routes.resolve(db, { tenantId, id: await server(tenantId, more) }))?.connector;

it('goes the way that the server names, the default where it names none, and directly where it says so', async () => {
  const named = await connector('named');
  await connector('default', { default: true, settings: { ...proxy, host: 'default.example.org' } });
  expect(await wayOf(tenant, { connectorId: named.id })).toEqual(proxy);
  expect(await wayOf(await addTenant(db), {})).toMatchObject({ host: 'default.example.org' });
  expect(await wayOf(await addTenant(db), { connectorId: null })).toEqual({ kind: 'direct' });
});

it('goes directly where there is no default', async () => {
  expect(await wayOf(tenant, {})).toEqual({ kind: 'direct' });
});

it('keeps what is not shared to the servers of the system', async () => {
  const { id } = await connector('inner', { shared: false });
  await expect(server(tenant, { connectorId: id })).rejects.toThrow('connector');
  expect(await wayOf(SYSTEM_TENANT_ID, { connectorId: id })).toEqual(proxy);
});

it('leads token requests of the server the same way', async () => {
  const through = await startHttpProxy();
  const target = await startRaw(
    (socket) => socket.end('hello'),
    () => undefined,
  );
  const settings = { kind: 'http', host: '127.0.0.1', port: through.port } as const;
  const { id } = await connector('http', { settings });
  const serverId = await server(tenant, { connectorId: id });
  const dialer = await tokenWay(rooms.connectors, new EgressGuard(['127.0.0.1']))(db, { tenantId: tenant, serverId });
  const socket = await dialer?.connect({ host: '127.0.0.1', port: target.port, timeoutMs: 5_000 });
  socket?.destroy();
  expect(through.opened).toEqual([`127.0.0.1:${target.port}`]);
  const direct = await server(await addTenant(db), {});
  expect(
    await tokenWay(rooms.connectors, new EgressGuard([]))(db, { tenantId: tenant, serverId: direct }),
  ).toBeUndefined();
  await Promise.all([through.close(), target.close()]);
});
