import { mailServerDefinitionSchema } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { MailRoom } from '../outbox/mail-room.testing.js';
import { MailRoutes } from './mail-route.js';
import type { SaveResult } from './mail-servers.js';
import { splitDefinition } from './read-definition.js';

let db: Database;
let room: MailRoom;
beforeAll(async () => {
  db = await createTestDatabase();
  room = new MailRoom(db, { id: 0 });
});
afterAll(() => db.close());

const DEFINITION = {
  name: 'DEFAULT',
  provider: 'custom',
  from: 'Plant <plant@example.org>',
  host: 'smtp.example.org',
  auth: { kind: 'basic', username: 'u', password: 'tell-nobody' },
};
const save = (tenantId: string, definition: object, more: object = {}): Promise<SaveResult> =>
  db.transaction((uow) =>
    room.servers.save(uow, tenantId, {
      ...splitDefinition(mailServerDefinitionSchema.parse(definition)),
      managed: true,
      by: SYSTEM_ACTOR,
      ...more,
    }),
  );
const saved = async (...parameters: Parameters<typeof save>) => {
  const result = await save(...parameters);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
const stored = (id: string) =>
  db.query<{ revision: number; settings: { auth: { password: string } }; updated_at: Date; is_default: boolean }>(
    'SELECT * FROM mail_server WHERE id = $1',
    [id],
  );

it('writes nothing and keeps the revision when the same is saved again', async () => {
  const tenant = await room.tenant();
  const first = await saved(tenant, DEFINITION);
  const [before] = await stored(first.id);
  expect(await saved(tenant, DEFINITION)).toEqual({ id: first.id, revision: 1, changed: false });
  expect(await stored(first.id)).toEqual([before]);
});

it.each([
  ['the password', { auth: { ...DEFINITION.auth, password: 'other' } }],
  ['the host', { host: 'mx.example.org' }],
  ['being switched on', { active: false }],
])('counts a revision when %s changes', async (_what, change) => {
  const tenant = await room.tenant();
  const first = await saved(tenant, DEFINITION);
  expect(await saved(tenant, { ...DEFINITION, ...change })).toEqual({ id: first.id, revision: 2, changed: true });
});

it('keeps the password sealed, bound to this very server', async () => {
  const tenant = await room.tenant();
  const { id } = await saved(tenant, DEFINITION);
  const [row] = await stored(id);
  expect(JSON.stringify(row)).not.toContain('tell-nobody');
  expect(room.stored.open(tenant, id, row?.settings)).toMatchObject({ auth: { password: 'tell-nobody' } });
  const other = await saved(await room.tenant(), DEFINITION);
  expect(() => room.stored.open(tenant, other.id, row?.settings)).toThrow(/Enter it again/);
});

it('has one default server a tenant: the first, then the one that is said to be', async () => {
  const tenant = await room.tenant();
  const one = await saved(tenant, { ...DEFINITION, name: 'One' });
  const two = await saved(tenant, { ...DEFINITION, name: 'Two' });
  expect((await room.servers.list(db, tenant)).map(({ name, isDefault }) => [name, isDefault])).toEqual([
    ['One', true],
    ['Two', false],
  ]);
  expect(await saved(tenant, { ...DEFINITION, name: 'Two', default: true })).toEqual({
    id: two.id,
    revision: 1,
    changed: true,
  });
  expect((await room.servers.list(db, tenant)).map(({ name, isDefault }) => [name, isDefault])).toEqual([
    ['Two', true],
    ['One', false],
  ]);
  expect(await saved(tenant, { ...DEFINITION, name: 'One' })).toEqual({ id: one.id, revision: 1, changed: false });
});

it('shows a list without secrets, with the port that is meant', async () => {
  const tenant = await room.tenant();
  await saved(tenant, DEFINITION);
  await saved(tenant, { name: 'Sandbox', provider: 'sandbox' });
  const list = await room.servers.list(db, tenant);
  expect(list).toMatchObject([
    {
      name: 'DEFAULT',
      provider: 'custom',
      host: 'smtp.example.org',
      port: 587,
      tls: 'starttls',
      from: 'Plant <plant@example.org>',
      managed: true,
      revision: 1,
    },
    { name: 'Sandbox', provider: 'sandbox', host: null, port: null, tls: null },
  ]);
  expect(JSON.stringify(list)).not.toMatch(/tell-nobody|s1:|password/);
});

it.each([
  ['a sender that is no address', { from: 'nobody' }, 'mail-server-unusable', 'from:'],
  ['a reply address with a line break', { replyTo: 'a@b.org, c@d.org' }, 'mail-server-unusable', 'replyTo:'],
  ['a header that Signalpost writes', { headers: { 'Message-Id': 'x' } }, 'mail-server-unusable', 'leave it out'],
  ['a password without TLS', { tls: 'none' }, 'cleartext-credentials', 'smtp.example.org has TLS mode "none"'],
])('refuses %s', async (_what, change, code, told) => {
  const tenant = await room.tenant();
  expect(await save(tenant, { ...DEFINITION, ...change })).toMatchObject({
    ok: false,
    failure: { code, message: expect.stringContaining(told) },
  });
  expect(await room.servers.list(db, tenant)).toEqual([]);
});

it.each([
  [{ host: 'a b' }],
  [{ ehloName: 'x\r\nMAIL FROM:<a>' }],
  [{ headers: { 'X-A': 'b\r\nBcc: c@d.org' } }],
  [{ headers: { 'X A': 'b' } }],
  [{ from: 'a@b.org\nBcc: c@d.org' }],
  [{ port: 0 }],
  [{ surprise: true }],
  [{ auth: { kind: 'basic', username: 'u' } }],
])('has a schema that refuses %j', (change) => {
  expect(mailServerDefinitionSchema.safeParse({ ...DEFINITION, ...change }).success).toBe(false);
});

it('allows a password without TLS to this machine', async () => {
  expect(await save(await room.tenant(), { ...DEFINITION, tls: 'none', host: '127.0.0.1' })).toMatchObject({
    ok: true,
  });
});

it('finds by name within the tenant, and unlocks what the file no longer names', async () => {
  const [tenant, other] = [await room.tenant(), await room.tenant()];
  const { id } = await saved(tenant, DEFINITION);
  expect(await room.servers.findByName(db, tenant, 'DEFAULT')).toBe(id);
  expect(await room.servers.findByName(db, other, 'DEFAULT')).toBeNull();
  expect(await save(other, DEFINITION, { id })).toMatchObject({ ok: false, failure: { code: 'mail-server-missing' } });
  await db.transaction((uow) => room.servers.release(uow, tenant, []));
  expect(await room.servers.list(db, tenant)).toMatchObject([{ managed: false, revision: 1 }]);
});

it('gives the sandbox a way that needs no settings, in both scopes', async () => {
  const sandbox = { host: '127.0.0.1', port: 4711, passwordOf: (tenantId: string) => `for ${tenantId}` };
  const routes = new MailRoutes({ stored: room.stored, sandbox });
  for (const tenantId of [await room.tenant(), SYSTEM_TENANT_ID]) {
    const { id } = await saved(tenantId, { name: 'S', provider: 'sandbox' });
    expect(await routes.resolve(db, { tenantId, id })).toMatchObject({
      sandbox: true,
      settings: {
        port: 4711,
        from: 'Signalpost <signalpost@sandbox.invalid>',
        auth: { username: tenantId, password: `for ${tenantId}` },
      },
    });
  }
  expect(await routes.resolve(db, { tenantId: SYSTEM_TENANT_ID, id: SYSTEM_TENANT_ID })).toBeNull();
});
