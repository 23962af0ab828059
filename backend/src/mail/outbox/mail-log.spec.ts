import type { DeliveryQuery } from '@signalpost/contracts';
import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../../access/index.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { startSmtp, type TestSmtp } from '../smtp-servers.testing.js';
import { MailLogEvents } from './mail-log-events.js';
import { MailRoom, mailTo } from './mail-room.testing.js';

let db: Database;
let instance: Instance;
let room: MailRoom;
let server: TestSmtp;
let refuse = false;
beforeAll(async () => {
  db = await createTestDatabase();
  instance = await Instance.open(db);
  server = await startSmtp({
    onMailFrom: (_address, _session, done) =>
      done(refuse ? Object.assign(new Error('no'), { responseCode: 550 }) : undefined),
  });
});
beforeEach(() => {
  refuse = false;
  room = new MailRoom(db, instance);
});
afterEach(() => room.sender.stop(0));
afterAll(async () => {
  await server.close();
  instance.close();
  await db.close();
});

const tenantWithServer = async (port = server.port): Promise<string> => {
  const tenant = await room.tenant();
  await room.server(tenant, port);
  return tenant;
};
const list = async (tenant: string, state?: DeliveryQuery['state']) =>
  (await room.mailLog.list(tenant, { limit: 100, state })).items;

it('lists the mails of a tenant, the newest first, page by page and by state', async () => {
  const [tenant, other] = [await tenantWithServer(), await tenantWithServer()];
  for (const subject of ['one', 'two', 'three']) await room.enqueue(tenant, mailTo('a@x.org', subject));
  await room.enqueue(other, {});
  await db.query(`UPDATE delivery SET state = 'refused' WHERE subject = 'one'`);
  const first = await room.mailLog.list(tenant, { limit: 2 });
  const second = await room.mailLog.list(tenant, { limit: 2, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...second.items].map(({ subject }) => subject)).toEqual(['three', 'two', 'one']);
  expect(second.nextCursor).toBeNull();
  expect(await room.mailLog.counts(tenant)).toEqual({ waiting: 2, refused: 1, expired: 0 });
  expect((await list(tenant, 'refused')).map(({ subject }) => subject)).toEqual(['one']);
  expect(first.items[0]).toMatchObject({
    state: 'waiting',
    server: { name: 'DEFAULT', scope: 'tenant' },
    attempts: 0,
    nextAttemptAt: expect.any(Number),
    failure: null,
  });
});

it('names the device, and of the server of the system only that it was one', async () => {
  const tenant = await room.tenant({ mayUseSystemMail: true });
  await room.server(SYSTEM_TENANT_ID, server.port);
  const device = randomUUID();
  await db.query(`INSERT INTO device (tenant_id, id, name, token_hash) VALUES ($1, $2, 'Thermostat', '\\x01')`, [
    tenant,
    device,
  ]);
  await room.enqueue(tenant, { server: { use: 'system' }, originator: { entityType: 'DEVICE', id: device } });
  expect(await list(tenant)).toMatchObject([{ originatorName: 'Thermostat', server: { name: null, scope: 'system' } }]);
});

it('tells the whole story of one mail, to its tenant alone', async () => {
  const tenant = await tenantWithServer();
  refuse = true;
  await room.sender.start();
  await room.enqueue(tenant, {});
  const [row] = await room.until(tenant, 'refused');
  expect(await room.mailLog.read(tenant, row?.id ?? '')).toMatchObject({
    state: 'refused',
    failure: { code: 'sender-refused', retryable: false },
    settledAt: expect.any(Number),
    nextAttemptAt: null,
    history: [{ attempt: 1, accepted: false, reply: '550 no', serverRevision: 1, failure: { code: 'sender-refused' } }],
  });
  expect(await room.mailLog.read(await room.tenant(), row?.id ?? '')).toBeNull();
});

it('cancels what waits and tells the message that waited for it', async () => {
  const tenant = await tenantWithServer();
  const [made] = await room.enqueue(tenant, { parkedId: randomUUID() });
  const id = made?.ok ? made.value.deliveryId : '';
  expect(await room.mailLog.cancel(await room.tenant(), id, SYSTEM_ACTOR)).toBe(false);
  expect(await room.mailLog.cancel(tenant, id, SYSTEM_ACTOR)).toBe(true);
  expect(await room.mailLog.cancel(tenant, id, SYSTEM_ACTOR)).toBe(false);
  expect(await room.resumes(tenant)).toMatchObject([
    { label: 'Failure', metadata: { error: expect.stringContaining('cancelled') } },
  ]);
  await room.sender.start();
  expect(await room.deliveries(tenant)).toMatchObject([{ state: 'cancelled', attempts: 0 }]);
});

it('lets the mail behind a cancelled one go', async () => {
  const tenant = await tenantWithServer();
  const alarmId = randomUUID();
  const [first] = await room.enqueue(
    tenant,
    { alarmId, ...mailTo('a@x.org', 'first') },
    { alarmId, ...mailTo('a@x.org', 'second') },
  );
  await db.query(
    `UPDATE delivery SET next_attempt_at = now() + interval '1 hour' WHERE subject = 'first' AND tenant_id = $1`,
    [tenant],
  );
  await room.sender.start();
  await room.mailLog.cancel(tenant, first?.ok ? first.value.deliveryId : '', SYSTEM_ACTOR);
  await vi.waitUntil(async () => (await room.deliveries(tenant))[1]?.state === 'accepted');
});

it('retries what was refused with the settings of now, under the same id, and resumes nobody twice', async () => {
  const tenant = await tenantWithServer();
  refuse = true;
  await room.sender.start();
  await room.enqueue(tenant, { parkedId: randomUUID() });
  const [before] = await room.until(tenant, 'refused');
  refuse = false;
  await room.server(tenant, server.port, { from: 'corrected@example.org' });
  expect(await room.mailLog.retry(tenant, before?.id ?? '', SYSTEM_ACTOR)).toBe(true);
  const [after] = await room.until(tenant, 'accepted');
  expect(after?.message_id).toBe(before?.message_id);
  expect(server.received.at(-1)).toMatchObject({
    sender: 'corrected@example.org',
    raw: expect.stringContaining('From: corrected@example.org'),
  });
  expect(await room.resumes(tenant)).toHaveLength(1);
  expect(await room.mailLog.retry(tenant, before?.id ?? '', SYSTEM_ACTOR)).toBe(false);
});

it('sends a mail now that was put off, and tells its rule chain when it is through', async () => {
  const tenant = await tenantWithServer();
  await room.enqueue(tenant, { parkedId: randomUUID() });
  await db.query(`UPDATE delivery SET attempts = 1, next_attempt_at = now() + interval '1 hour' WHERE tenant_id = $1`, [
    tenant,
  ]);
  await room.sender.start();
  const [waiting] = await room.deliveries(tenant);
  expect(await room.mailLog.retry(tenant, waiting?.id ?? '', SYSTEM_ACTOR)).toBe(true);
  await room.until(tenant, 'accepted');
  expect(await room.resumes(tenant)).toHaveLength(1);
});

it('tells pages of a burst once at its begin and once at its end', async () => {
  const told: unknown[] = [];
  const events = new MailLogEvents({ publish: (...event) => void told.push(event) });
  for (let mail = 0; mail < 1000; mail++) events.changed('t');
  expect(told).toEqual([
    ['t', 'mail-log', 'changed', null],
    [SYSTEM_TENANT_ID, 'mail-log', 'changed', null],
  ]);
  await vi.waitUntil(() => told.length === 4);
});
