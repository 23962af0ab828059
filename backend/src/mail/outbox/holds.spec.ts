import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { Claims } from './claims.js';
import { Holds } from './holds.js';
import { MailRoom, mailTo } from './mail-room.testing.js';

let db: Database;
let instance: Instance;
let room: MailRoom;
let claims: Claims;
let tenant: string;
beforeAll(async () => {
  db = await createTestDatabase();
  instance = await Instance.open(db);
});
afterAll(async () => {
  instance.close();
  await db.close();
});
beforeEach(async () => {
  room = new MailRoom(db, instance);
  claims = new Claims(db);
  tenant = await room.tenant();
  await room.server(tenant, 25);
});

const pick = async (take: number): Promise<unknown[]> => {
  const groups = (await claims.groups()).filter(({ tenantId }) => tenantId === tenant);
  const mails = await claims.pick(
    groups.map((group) => ({ ...group, take })),
    instance.id,
  );
  return mails.map(({ draft }) => draft.subject);
};
const held = async (): Promise<unknown[]> =>
  (
    await db.query<{ subject: string }>(
      'SELECT subject FROM delivery WHERE tenant_id = $1 AND held_until IS NOT NULL ORDER BY seq',
      [tenant],
    )
  ).map(({ subject }) => subject);
const settle = (subject: string) =>
  db.query(`UPDATE delivery SET state = 'accepted', settled_at = now() WHERE tenant_id = $1 AND subject = $2`, [
    tenant,
    subject,
  ]);

it('picks as many as are wanted of what nothing stands before, and holds the rest of an alarm at once', async () => {
  const [alarmId, other] = [randomUUID(), randomUUID()];
  const ofAlarm = Array.from({ length: 30 }, (_, at) => ({ alarmId, ...mailTo('a@x.org', `alarm ${at}`) }));
  await room.enqueue(tenant, ...ofAlarm);
  await room.enqueue(tenant, { alarmId, ...mailTo('b@x.org', 'to another') }, mailTo('a@x.org', 'of none'));
  await room.enqueue(tenant, { alarmId: other, ...mailTo('a@x.org', 'of another') });
  const hold = vi.spyOn(Holds.prototype, 'hold');
  expect(await pick(3)).toEqual(['alarm 0', 'to another', 'of none']);
  expect(hold).toHaveBeenCalledOnce();
  expect(await held()).toHaveLength(29);
});

it('holds nothing whose forerunner has gone when its turn comes', async () => {
  const alarmId = randomUUID();
  await room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'one') }, { alarmId, ...mailTo('a@x.org', 'two') });
  expect(await pick(1)).toEqual(['one']);
  await settle('one');
  const hold = vi.spyOn(Holds.prototype, 'hold');
  expect(await pick(1)).toEqual(['two']);
  expect(hold).not.toHaveBeenCalled();
});

it('lets a mail go whose forerunner is settled while it is being held', async () => {
  const alarmId = randomUUID();
  await room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'one') }, { alarmId, ...mailTo('a@x.org', 'two') });
  const holding = await db.transaction(async (uow) => {
    await uow.query(`SELECT 1 FROM delivery WHERE tenant_id = $1 AND subject = 'two' FOR UPDATE`, [tenant]);
    const begun = claims.holds.hold([{ tenant_id: tenant, alarm_id: alarmId }]);
    await vi.waitUntil(async () => (await db.query('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0);
    await settle('one');
    return { begun };
  });
  await holding.begun;
  expect(await held()).toEqual([]);
  expect(await pick(1)).toEqual(['two']);
});
