import { randomBytes } from 'node:crypto';

import { storedOutboundSettingsSchema } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { addTenant } from '../../queue/queue.testing.js';
import { SecretBox } from '../../secrets/index.js';
import { serverRooms } from '../mail-servers.testing.js';
import { MailRoutes } from './mail-route.js';

const secrets = new SecretBox([{ kid: 'k', key: randomBytes(32) }]);
const VARIABLES = { SIGNALPOST_VAR_HOST: 'mx.example.org', SIGNALPOST_VAR_PORT: '2525', SIGNALPOST_VAR_USER: 'plant' };
const HOST = '${SIGNALPOST_VAR_HOST}';

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const macros = (more: object = {}) =>
  storedOutboundSettingsSchema.parse({
    ...{ provider: 'custom', from: 'a@example.org', host: HOST, port: '${SIGNALPOST_VAR_PORT}', footer: HOST },
    auth: { kind: 'basic', username: '${SIGNALPOST_VAR_USER}@example.org', password: HOST },
    ...more,
  });
const save = (tenantId: string, settings: ReturnType<typeof macros>, more: object = {}) => {
  const { servers } = serverRooms(db, secrets, { variables: VARIABLES });
  const input = { name: 'S', default: true, active: true, managed: false, settings, by: SYSTEM_ACTOR, ...more };
  return db.transaction((uow) => servers.save(uow, tenantId, input));
};
const route = (id: string, variables: Record<string, string> = VARIABLES) => {
  const { stored } = serverRooms(db, secrets);
  const sandbox = { host: '127.0.0.1', port: 0, passwordOf: () => '' };
  return new MailRoutes({ stored, sandbox, variables }).resolve(db, { tenantId: SYSTEM_TENANT_ID, id });
};

it('replaces them in host, port and user name when a route is made, and nowhere else', async () => {
  const saved = await save(SYSTEM_TENANT_ID, macros());
  const id = saved.ok ? saved.value.id : '';
  const { settings } = (await route(id))!;
  expect(settings).toMatchObject({ host: 'mx.example.org', port: 2525, footer: HOST });
  expect(settings.auth).toMatchObject({ username: 'plant@example.org', password: HOST });
  expect(await route(id, { ...VARIABLES, SIGNALPOST_VAR_HOST: 'new.example.org' })).toMatchObject({
    settings: { host: 'new.example.org' },
  });
});

it('makes no route of what is not set any more, or is no port', async () => {
  const saved = await save(SYSTEM_TENANT_ID, macros());
  const id = saved.ok ? saved.value.id : '';
  await expect(route(id, {})).rejects.toThrow('must be a host name');
  await expect(route(id, { ...VARIABLES, SIGNALPOST_VAR_PORT: 'x' })).rejects.toThrow();
  await expect(route(id, { ...VARIABLES, SIGNALPOST_VAR_HOST: '${SIGNALPOST_VAR_HOST}' })).rejects.toThrow();
});

it('lets the file vouch for the host that is meant at that time, not for whatever the variable says later', async () => {
  const saved = await save(SYSTEM_TENANT_ID, macros(), { mayDialAnywhere: true });
  expect(await route(saved.ok ? saved.value.id : '')).toMatchObject({ dialAllowed: ['mx.example.org:2525'] });
});

it('knows none for a tenant', async () => {
  const tenantId = await addTenant(db);
  expect(await save(tenantId, macros())).toMatchObject({
    ok: false,
    problems: [{ field: 'host' }, { field: 'port' }, { field: 'auth.username' }],
  });
});
