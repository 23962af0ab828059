import { afterAll, beforeAll, expect, it } from 'vitest';

import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { Claims } from './claims.js';
import { MailRoom } from './mail-room.testing.js';
import { UnderWay } from './under-way.js';

let db: Database;
let instance: Instance;
beforeAll(async () => {
  db = await createTestDatabase();
  instance = await Instance.open(db);
});
afterAll(async () => {
  instance.close();
  await db.close();
});

it('gives back what a claim took whose answer never came, and nothing that it knows of', async () => {
  const room = new MailRoom(db, instance);
  const tenantId = await room.tenant();
  const server = { tenantId, id: await room.server(tenantId, 25) };
  await room.enqueue(tenantId, {}, {}, {});
  const claims = new Claims(db);
  const underWay = new UnderWay(claims);
  const [group] = await claims.groups();
  const want = { server, priority: 1, tenantId, version: group?.version ?? null };
  const [known] = await underWay.claim([{ ...want, take: 1 }], instance.id);
  await db.query(`UPDATE delivery SET state = 'sending', owner = $1 WHERE state = 'waiting'`, [instance.id]);
  await underWay.resolveDoubts(instance.id);
  expect((await room.deliveries(tenantId)).map(({ state }) => state)).toEqual(['sending', 'sending', 'sending']);
  await expect(underWay.claim([{ ...want, take: -1 }], instance.id)).rejects.toThrow();
  await underWay.resolveDoubts(instance.id);
  const rows = await room.deliveries(tenantId);
  expect(rows.map(({ id, state }) => [id === known?.id, state]).toSorted()).toEqual([
    [false, 'waiting'],
    [false, 'waiting'],
    [true, 'sending'],
  ]);
});
