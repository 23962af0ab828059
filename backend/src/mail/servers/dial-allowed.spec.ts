import { outboundSettingsSchema } from '@signalpost/contracts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { SYSTEM_ACTOR } from '../../access/index.js';
import type { Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { addTenant } from '../../queue/queue.testing.js';
import { mailServersForTests } from '../mail-servers.testing.js';
import { MailRoutes } from './mail-route.js';
import type { MailServers } from './mail-servers.js';

let db: Database;
let servers: MailServers;
let routes: MailRoutes;
let tenant: string;
beforeAll(async () => {
  db = await createTestDatabase();
  const { stored, servers: made } = mailServersForTests(db);
  servers = made;
  routes = new MailRoutes({ stored, sandbox: { host: '127.0.0.1', port: 0, passwordOf: () => '' } });
});
afterAll(() => db.close());
beforeEach(async () => {
  tenant = await addTenant(db);
});

async function save(host: string, mayDialAnywhere: boolean) {
  const auth = { kind: 'basic', username: 'u', password: 'p' };
  const given = { provider: 'custom', from: 'a@example.org', host, port: 2525, tls: 'none', auth };
  const settings = outboundSettingsSchema.parse(given);
  const input = {
    name: 'DEFAULT',
    default: true,
    active: true,
    managed: false,
    mayDialAnywhere,
    settings,
    by: SYSTEM_ACTOR,
  };
  const result = await db.transaction((uow) => servers.save(uow, tenant, input));
  if (!result.ok) throw new Error(result.failure.code);
  return (await routes.resolve(db, { tenantId: tenant, id: result.value.id }))?.dialAllowed;
}

it('lets what the provisioning file wrote dial exactly its host and port, in clear too', async () => {
  expect(await save('10.0.0.5', true)).toEqual(['10.0.0.5:2525']);
});

it('keeps that while others edit anything but the address, and takes it away with the address', async () => {
  await save('10.0.0.5', true);
  expect(await save('10.0.0.5', false)).toEqual(['10.0.0.5:2525']);
  expect(await save('127.0.0.1', false)).toEqual([]);
});

it('gives nobody else that permission', async () => {
  await expect(save('10.0.0.5', false)).rejects.toThrow('cleartext-credentials');
  expect(await save('127.0.0.1', false)).toEqual([]);
});
