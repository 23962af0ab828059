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

/** Mails of one tenant on one server, picked by this instance. */
async function picked(count: number) {
  const room = new MailRoom(db, instance);
  const tenantId = await room.tenant();
  const server = { tenantId, id: await room.server(tenantId, 25) };
  await room.enqueue(tenantId, ...Array.from({ length: count }, () => ({})));
  const claims = new Claims(db);
  const [group] = (await claims.groups()).filter((one) => one.tenantId === tenantId);
  const wants = [{ server, priority: 1, tenantId, version: group?.version ?? null, take: count }];
  const pick = async (owner: number) => (await claims.pick(wants, owner)).mails.map((mail) => ({ mail, kept: null }));
  const states = async () => (await room.deliveries(tenantId)).map(({ state }) => state);
  return { claims, pick, states, room, tenantId };
}

it('gives back what a claim took whose answer never came, and nothing that it knows of', async () => {
  const { claims, pick, states, room, tenantId } = await picked(3);
  const underWay = new UnderWay(claims);
  const [known, ...others] = await pick(instance.id);
  if (known === undefined) throw new Error('nothing waits');
  await underWay.claim([known]);
  await claims.claim(others);
  await underWay.resolveDoubts(instance.id);
  expect(await states()).toEqual(['sending', 'sending', 'sending']);
  const broken = { ...known, mail: { ...known.mail, id: 'none' } };
  await expect(underWay.claim([broken])).rejects.toThrow();
  await underWay.resolveDoubts(instance.id);
  const rows = await room.deliveries(tenantId);
  expect(rows.map(({ id, state }) => [id === known.mail.id, state]).toSorted()).toEqual([
    [false, 'waiting'],
    [false, 'waiting'],
    [true, 'sending'],
  ]);
});

it('does not give back what it is about to claim', async () => {
  const { claims, pick, states } = await picked(1);
  const underWay = new UnderWay(claims);
  await expect(
    underWay.claim([{ ...(await pick(instance.id))[0]!, kept: { messageId: '\0', raw: Buffer.of() } }]),
  ).rejects.toThrow();
  const claiming = underWay.claim(await pick(instance.id));
  await underWay.resolveDoubts(instance.id);
  expect((await claiming).size).toBe(1);
  await underWay.resolveDoubts(instance.id);
  expect(await states()).toEqual(['sending']);
});

it('claims nothing while it is found out what the doubtful claims took', async () => {
  const { claims, pick, states } = await picked(2);
  const [first, second] = await pick(instance.id);
  const asked = Promise.withResolvers<null>();
  const slow = Object.create(claims) as Claims; // the same one, slow to give back
  slow.giveBackUnknown = async (...what) => {
    await asked.promise;
    return claims.giveBackUnknown(...what);
  };
  const underWay = new UnderWay(slow);
  const broken = { ...first!, mail: { ...first!.mail, id: 'none' } };
  await expect(underWay.claim([broken])).rejects.toThrow();
  const resolving = underWay.resolveDoubts(instance.id);
  const claiming = underWay.claim([second!]);
  for (let look = 0; look < 20; look += 1) await states(); // time for a claim that does not wait
  asked.resolve(null);
  await Promise.all([resolving, claiming]);
  expect((await states()).toSorted()).toEqual(['sending', 'waiting']);
});

it('claims a mail once, whoever else picked it, and none that was cancelled, moved or tried meanwhile', async () => {
  const { claims, pick, room, tenantId } = await picked(5);
  const other = await Instance.open(db);
  const [mine, theirs] = [await pick(instance.id), await pick(other.id)];
  expect(theirs.map(({ mail }) => mail.id)).toEqual(mine.map(({ mail }) => mail.id));
  const [cancelled, moved, tried] = mine.map(({ mail }) => mail.id);
  await db.query(`UPDATE delivery SET state = 'cancelled', settled_at = now() WHERE id = $1`, [cancelled]);
  await db.query('UPDATE delivery SET server_id = $2 WHERE id = $1', [
    moved,
    await room.server(tenantId, 26, {}, 'OTHER', false),
  ]);
  await db.query('UPDATE delivery SET attempts = 1 WHERE id = $1', [tried]);
  const [ours, others] = await Promise.all([claims.claim(mine), claims.claim(theirs)]);
  expect([...ours, ...others].toSorted()).toEqual(
    mine
      .slice(3)
      .map(({ mail }) => mail.id)
      .toSorted(),
  );
  other.close();
});

it('leaves the bytes that another instance kept, and claims the mail with them when it is picked again', async () => {
  const { claims, pick, room, tenantId } = await picked(1);
  const kept = { messageId: '<late@x>', raw: Buffer.from('made from an old pick') };
  const late = (await pick(instance.id)).map((one) => ({ ...one, kept }));
  await db.query(`UPDATE delivery SET raw = 'kept', message_id = '<kept@x>' WHERE tenant_id = $1`, [tenantId]);
  expect(await claims.claim(late)).toEqual(new Set());
  expect((await claims.claim(await pick(instance.id))).size).toBe(1);
  expect(await room.deliveries(tenantId)).toMatchObject([{ state: 'sending', raw: Buffer.from('kept') }]);
});
