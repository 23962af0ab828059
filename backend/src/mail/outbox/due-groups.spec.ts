import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { Claims } from './claims.js';
import { DueGroups } from './due-groups.js';
import { MailRoom } from './mail-room.testing.js';

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

/** A tenant with a server and three mails that wait for it, as a look at the outbox shows them. */
async function threeWaiting() {
  const room = new MailRoom(db, instance);
  const tenantId = await room.tenant();
  const serverId = await room.server(tenantId, 25);
  await room.enqueue(tenantId, {}, {}, {});
  const claims = new Claims(db);
  const seen = (await claims.groups()).filter((group) => group.tenantId === tenantId);
  const due = new DueGroups();
  due.seen(seen);
  const claim = async (take: number) => {
    const wants = seen.map((group) => ({ ...group, take }));
    const { mails, seen: came } = await claims.pick(wants, instance.id);
    await claims.claim(mails.map((mail) => ({ mail, kept: null })));
    return { mails: mails.length, again: due.claimed(wants, came) };
  };
  return { serverId, seen, due, claim };
}

it('claims on from what one look has seen until less comes than was wanted', async () => {
  const { due, claim } = await threeWaiting();
  expect([await claim(2), due.moreWait]).toEqual([{ mails: 2, again: false }, true]);
  expect([await claim(2), due.moreWait]).toEqual([{ mails: 1, again: true }, false]);
});

it('claims nothing more of a server whose settings are others than those that were seen', async () => {
  const { serverId, due, claim } = await threeWaiting();
  await claim(1);
  await db.query('UPDATE mail_server SET revision = revision + 1 WHERE id = $1', [serverId]);
  expect([await claim(1), due.moreWait]).toEqual([{ mails: 0, again: true }, false]);
});

it('looks again when less came than was wanted, unless nothing was claimed and nothing came since the last look', async () => {
  const { seen, due, claim } = await threeWaiting();
  expect(await claim(4)).toEqual({ mails: 3, again: false });
  due.seen(seen);
  due.came(seen);
  expect(await claim(4)).toEqual({ mails: 0, again: true });
});

it('needs no look for mails that come where more is known to wait', async () => {
  const { seen, due, claim } = await threeWaiting();
  const elsewhere = { ...seen[0]!, server: { tenantId: randomUUID(), id: randomUUID() } };
  expect([due.came(seen), due.came([...seen, elsewhere])]).toEqual([true, false]);
  await claim(4);
  expect(due.came(seen)).toBe(false);
});

it('does not count on what is not due, or waits for a server that is switched off', async () => {
  const { due } = await threeWaiting();
  const [group] = due.known();
  if (group === undefined) throw new Error('nothing waits');
  due.seen([
    { ...group, dueInMs: 5 },
    { ...group, active: false },
  ]);
  expect([due.known(), due.moreWait]).toEqual([[], false]);
});
