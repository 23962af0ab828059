import { randomBytes, randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { storedOutboundSettingsSchema } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_ACTOR } from '../access/index.js';
import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { serverRooms } from '../mail/mail-servers.testing.js';
import { addTenant } from '../queue/queue.testing.js';
import { rotateKeys, SecretBox, type Rotated } from '../secrets/index.js';
import { SEALED_COLUMNS } from './sealed-columns.js';

const [old, young] = [
  { kid: 'old', key: randomBytes(32) },
  { kid: 'new', key: randomBytes(32) },
];
const after = new SecretBox([young, old]);
let db: Database;
let tenantId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  tenantId = await addTenant(db);
});
afterAll(() => db.close());

async function rotate(box = after): Promise<Rotated[]> {
  const done: Rotated[] = [];
  await rotateKeys(db, box, SEALED_COLUMNS, (rotated) => void done.push(rotated));
  return done.filter(({ rows, unreadable }) => rows + unreadable > 0);
}

/** Something in every sealed column, sealed as the column's place says. */
async function fill(box: SecretBox): Promise<void> {
  const rooms = serverRooms(db, box);
  await db.transaction(async (uow) => {
    const basic = { kind: 'basic', username: 'u', password: 'smtp-password' };
    const settings = storedOutboundSettingsSchema.parse({
      provider: 'custom',
      from: 'a@b.org',
      host: 'h.org',
      auth: basic,
    });
    const given = { name: 'S', default: true, active: true, managed: false, by: SYSTEM_ACTOR };
    await rooms.servers.save(uow, tenantId, { ...given, settings });
    await rooms.secrets.save(uow, tenantId, {
      ...{ name: 'N', description: '', value: 'named-secret', managed: false, by: SYSTEM_ACTOR },
    });
    await rooms.connectors.save(uow, {
      ...{ name: 'C', shared: true, default: false, managed: false, by: SYSTEM_ACTOR },
      settings: {
        kind: 'http',
        host: 'proxy.org',
        port: 1,
        resolvesNames: false,
        username: 'p',
        password: 'proxy-password',
      },
    });
    const application = {
      name: 'A',
      provider: 'custom',
      shared: false,
      secretExpiresAt: null,
      managed: false,
    } as const;
    const secrets = {
      clientId: 'c',
      clientSecret: 'client-secret',
      certificate: { certificate: 'x', privateKey: 'key' },
    };
    await rooms.applications.save(uow, tenantId, { ...application, settings: secrets }, SYSTEM_ACTOR);
  });
}

it('seals anew what another key sealed, so that the other key can go', async () => {
  await fill(new SecretBox([old]));
  const done = await rotate();
  expect(done.map(({ table, rows, unreadable }) => [table, rows, unreadable])).toEqual([
    ['mail_server', 1, 0],
    ['mail_secret', 1, 0],
    ['mail_connector', 1, 0],
    ['oauth_application', 1, 0],
  ]);
  const rooms = serverRooms(db, new SecretBox([young]));
  const [server] = await db.query<{ id: string; settings: unknown }>('SELECT id, settings FROM mail_server');
  expect(rooms.stored.open(tenantId, server!.id, server!.settings)).toMatchObject({
    auth: { password: 'smtp-password' },
  });
  const [secret] = await db.query<{ id: string; value: string }>('SELECT id, value FROM mail_secret');
  expect(rooms.secrets.openValue(tenantId, secret!.id, secret!.value)).toBe('named-secret');
  const [connector] = await db.query<{ id: string; settings: unknown }>('SELECT id, settings FROM mail_connector');
  expect(rooms.connectors.open(connector!)).toMatchObject({ password: 'proxy-password' });
  const text = JSON.stringify(await db.query('SELECT settings FROM oauth_application'));
  expect(text.match(/s1:new:/g)).toHaveLength(2);
  expect(text).not.toContain('s1:old:');
});

it('finds nothing to do the second time, and changes no revision', async () => {
  expect(await rotate()).toEqual([]);
  expect(await db.query('SELECT revision FROM mail_server')).toEqual([{ revision: 1 }]);
});

it.each(SEALED_COLUMNS.map((column) => [`${column.table}.${column.column}`, column] as const))(
  'opens %s by what it is bound to, and binds it to the same again',
  (_name, column) => {
    const hash = randomBytes(32);
    const row = { tenant_id: tenantId, id: randomUUID(), user_id: 'u', mail_server_id: 'm', state_hash: hash };
    const place = column.place(row, 'path');
    expect(new SecretBox([young]).open(after.reseal(new SecretBox([old]).seal('x', place), place), place)).toBe('x');
    expect(place.entity).not.toMatch(/undefined|\/$/);
  },
);

it('can be interrupted: what is done stays done, what does not open stays as it is and is counted', async () => {
  const lost = new SecretBox([{ kid: 'lost', key: randomBytes(32) }]);
  const tenant = await addTenant(db);
  const seal = (box: SecretBox, id: string) =>
    box.seal('v', { tenantId: tenant, entity: `mail_secret/${id}`, field: 'value' });
  const ids = Array.from({ length: 450 }, () => randomUUID());
  const boxOf = (index: number) => (index % 3 === 0 ? lost : new SecretBox([old]));
  for (const [index, id] of ids.entries())
    await db.query('INSERT INTO mail_secret (tenant_id, id, name, value) VALUES ($1, $2, $3, $4)', [
      ...[tenant, id, id, seal(boxOf(index), id)],
    ]);
  expect(await rotate()).toEqual([{ table: 'mail_secret', column: 'value', rows: 300, unreadable: 150 }]);
  expect(await rotate()).toEqual([{ table: 'mail_secret', column: 'value', rows: 0, unreadable: 150 }]);
});

it('knows every kind of thing that a secret is bound to anywhere in the product', () => {
  const source = join(import.meta.dirname, '..');
  const files = globSync('**/*.ts', { cwd: source }).filter((file) => !/\.(spec|testing)\.ts$/.test(file));
  const bound = files.flatMap((file) =>
    [...readFileSync(join(source, file), 'utf8').matchAll(/`([a-z_]+)\/\$\{/g)].map(([, kind = '']) => kind),
  );
  const known = new Set(SEALED_COLUMNS.map(({ table }) => table));
  expect(bound.filter((kind) => kind.includes('_') || kind === 'delivery').filter((kind) => !known.has(kind))).toEqual(
    [],
  );
});
