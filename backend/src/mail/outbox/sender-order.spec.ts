import { randomUUID } from 'node:crypto';

import { expect, it, vi } from 'vitest';

import { Instance } from '../../db/index.js';
import { startSmtp } from '../smtp-servers.testing.js';
import { mailTo } from './mail-room.testing.js';
import { failing, SenderSpec, subjects } from './sender.testing.js';

const spec = new SenderSpec();

const heldForSeconds = async (tenant: string): Promise<number | null> => {
  const sql = `SELECT extract(epoch FROM max(held_until) - now())::int AS seconds FROM delivery WHERE tenant_id = $1`;
  return (await spec.db.query<{ seconds: number | null }>(sql, [tenant]))[0]?.seconds ?? null;
};

it('sends the mails of one alarm to one recipient in order, and holds nobody else', async () => {
  const server = await spec.kept(startSmtp(failing(450, 1)));
  const tenant = await spec.tenantOn(server.port);
  const [alarmId, other] = [randomUUID(), randomUUID()];
  await spec.room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'one') });
  await vi.waitUntil(async () => (await spec.room.deliveries(tenant))[0]?.attempts === 1);
  await spec.room.enqueue(
    tenant,
    { alarmId, ...mailTo('A@x.org, a@x.org', 'two') },
    { alarmId, ...mailTo('a@x.org', 'three') },
  );
  await spec.room.enqueue(
    tenant,
    { alarmId, ...mailTo('b@x.org', 'to another') },
    { alarmId: other, ...mailTo('a@x.org', 'of another') },
  );
  await expect.poll(() => subjects(server).toSorted()).toEqual(['of another', 'to another']);
  await spec.makeDue(tenant);
  await spec.room.until(tenant, 'accepted');
  expect(subjects(server).slice(2)).toEqual(['one', 'two', 'three']);
});

it('holds a mail behind an earlier one of its alarm for at most 15 minutes', async () => {
  const server = await spec.kept(startSmtp(failing(450, 1)));
  const tenant = await spec.tenantOn(server.port);
  const alarmId = randomUUID();
  await spec.room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'one') });
  await vi.waitUntil(async () => (await spec.room.deliveries(tenant))[0]?.attempts === 1);
  await spec.db.query(`UPDATE delivery SET next_attempt_at = now() + interval '1 hour' WHERE tenant_id = $1`, [tenant]);
  await spec.room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'two') });
  await expect.poll(() => heldForSeconds(tenant)).toBeGreaterThan(890);
  await spec.room.sweep.run([]);
  expect(subjects(server)).toEqual([]);
  const aQuarterLater = `held_until = now(), created_at = created_at - interval '15 minutes'`;
  await spec.db.query(`UPDATE delivery SET ${aQuarterLater} WHERE tenant_id = $1 AND held_until IS NOT NULL`, [tenant]);
  await spec.room.sweep.run([]);
  spec.room.sender.wake();
  await expect.poll(() => subjects(server)).toEqual(['two']);
});

it('takes over what a dead instance had under way, with the same bytes and id', async () => {
  const server = await spec.kept(startSmtp());
  const tenant = await spec.tenantOn(server.port);
  const dead = await Instance.open(spec.db);
  await spec.room.sender.stop(0);
  await spec.room.enqueue(tenant, {});
  await spec.db.query(
    `UPDATE delivery SET state = 'sending', owner = $2, raw = 'Message-ID: <kept@x>\r\n\r\nkept\r\n', message_id = '<kept@x>' WHERE tenant_id = $1`,
    [tenant, dead.id],
  );
  await spec.room.sweep.run([]);
  expect(await spec.room.deliveries(tenant)).toMatchObject([{ state: 'sending' }]);
  dead.close();
  await vi.waitFor(async () => {
    await spec.room.sweep.run([]);
    expect(await spec.room.deliveries(tenant)).toMatchObject([{ state: 'waiting' }]);
  });
  await spec.room.sender.start();
  expect(await spec.room.until(tenant, 'accepted')).toMatchObject([{ message_id: '<kept@x>' }]);
  expect(server.received).toMatchObject([{ raw: 'Message-ID: <kept@x>\r\n\r\nkept\r\n' }]);
});
