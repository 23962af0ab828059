import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

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

afterEach(() => void vi.restoreAllMocks());

const pickAll = async (take: number) => {
  const groups = (await claims.groups()).filter(({ tenantId }) => tenantId === tenant);
  return claims.pick(
    groups.map((group) => ({ ...group, take })),
    instance.id,
  );
};
const pick = async (take: number): Promise<unknown[]> => (await pickAll(take)).mails.map(({ draft }) => draft.subject);
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
  const letGo = claims.holds.letGo.bind(claims.holds);
  vi.spyOn(claims.holds, 'letGo').mockImplementation(async (places) => {
    expect(await held()).toEqual(['two']);
    await settle('one');
    return letGo(places);
  });
  expect(await pick(2)).toEqual(['two']);
  expect(await held()).toEqual([]);
});

it('goes on with others though mails of an alarm come faster than they can be held', async () => {
  const alarmId = randomUUID();
  let mails = 0;
  const more = () => room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', `alarm ${mails++}`) });
  await more();
  await more();
  await room.enqueue(tenant, mailTo('a@x.org', 'of none'));
  const hold = claims.holds.hold.bind(claims.holds);
  vi.spyOn(claims.holds, 'hold').mockImplementation(async (blocked) => {
    const held = await hold(blocked);
    await more();
    return held;
  });
  expect(await pick(10)).toEqual(['alarm 0', 'of none']);
  expect(await held()).toEqual(['alarm 1']);
});

it('waits for nobody who works on a mail that is to be held', async () => {
  const alarmId = randomUUID();
  await room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'one') }, { alarmId, ...mailTo('a@x.org', 'two') });
  await db.transaction(async (uow) => {
    await uow.query(`SELECT 1 FROM delivery WHERE tenant_id = $1 AND subject = 'two' FOR UPDATE`, [tenant]);
    expect(await pickAll(2)).toMatchObject({ held: false, mails: [{ draft: { subject: 'one' } }] });
    expect(await held()).toEqual([]);
  });
  expect(await pickAll(2)).toMatchObject({ held: true, mails: [{ draft: { subject: 'one' } }] });
  expect(await held()).toEqual(['two']);
});
