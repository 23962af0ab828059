import { expect, it, vi } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { startBlackHole, startSmtp } from '../smtp-servers.testing.js';
import { mailTo } from './mail-room.testing.js';
import { SenderSpec, subjects } from './sender.testing.js';

const spec = new SenderSpec();

it('lets a black hole hold up nobody else', async () => {
  const hole = await spec.kept(startBlackHole());
  const server = await spec.kept(startSmtp());
  const [stuck, well] = [await spec.tenantOn(hole.port, { maxConnections: 5 }), await spec.tenantOn(server.port)];
  await spec.room.enqueue(stuck, ...Array.from({ length: 60 }, () => ({})));
  await vi.waitUntil(
    async () => (await spec.room.deliveries(stuck)).filter(({ state }) => state === 'sending').length === 20,
  );
  await spec.room.enqueue(well, ...Array.from({ length: 200 }, () => ({})));
  await spec.room.until(well, 'accepted');
  const states = (await spec.room.deliveries(stuck)).map(({ state }) => state);
  expect(states.filter((state) => state === 'sending')).toHaveLength(20);
  expect(states.filter((state) => state === 'waiting')).toHaveLength(40);
  expect(hole.sockets.size).toBe(5);
});

it('backs off from a dead server as a whole: one mail asks, the others wait without an attempt', async () => {
  const tenant = await spec.tenantOn(1);
  await spec.room.enqueue(tenant, ...Array.from({ length: 50 }, () => ({})));
  await vi.waitUntil(async () => (await spec.room.deliveries(tenant)).some(({ attempts }) => attempts > 0));
  const rows = await spec.room.until(tenant, 'waiting');
  expect(rows.filter(({ attempts }) => attempts > 0).length).toBeLessThanOrEqual(6);
});

it('uses saved settings at once: what waits for a dead server leaves over the corrected one', async () => {
  const tenant = await spec.tenantOn(1);
  await spec.room.enqueue(tenant, ...Array.from({ length: 30 }, () => ({})));
  await vi.waitUntil(async () => (await spec.room.deliveries(tenant)).some(({ attempts }) => attempts > 0));
  const server = await spec.kept(startSmtp());
  await spec.room.server(tenant, server.port);
  await spec.room.until(tenant, 'accepted');
  expect(server.received).toHaveLength(30);
});

it('changes to new settings in the middle of a queue', async () => {
  const [old, young] = [await spec.kept(startSmtp()), await spec.kept(startSmtp())];
  const tenant = await spec.tenantOn(old.port, { maxConnections: 1 });
  await spec.room.enqueue(tenant, ...Array.from({ length: 100 }, () => ({})));
  await vi.waitUntil(() => old.received.length > 3);
  await spec.room.server(tenant, young.port);
  await spec.room.until(tenant, 'accepted');
  expect(young.received.length).toBeGreaterThan(0);
  expect(old.received.length + young.received.length).toBe(100);
});

it('takes from each tenant in turn where they share the server of the system, and its own mails first', async () => {
  const server = await spec.kept(startSmtp());
  await spec.room.server(SYSTEM_TENANT_ID, server.port, { maxConnections: 1 });
  const [many, few] = [
    await spec.room.tenant({ mayUseSystemMail: true }),
    await spec.room.tenant({ mayUseSystemMail: true }),
  ];
  await spec.room.sender.stop(0);
  await spec.room.enqueue(
    many,
    ...Array.from({ length: 100 }, () => ({ server: { use: 'system' } as const, ...mailTo('a@x.org', 'many') })),
  );
  await spec.room.enqueue(few, { server: { use: 'system' }, ...mailTo('a@x.org', 'few') });
  await spec.room.enqueue(few, { server: { use: 'system' }, ...mailTo('a@x.org', 'system') });
  await spec.db.query(`UPDATE delivery SET priority = 0 WHERE subject = 'system'`);
  await spec.room.sender.start();
  await spec.room.until(many, 'accepted');
  expect(subjects(server)[0]).toBe('system');
  expect(subjects(server).indexOf('few')).toBeLessThan(10);
  await spec.db.query('DELETE FROM mail_server WHERE tenant_id = $1', [SYSTEM_TENANT_ID]);
});

it('refuses what is left for a server that is gone, and leaves alone what waits for one that is switched off', async () => {
  const server = await spec.kept(startSmtp());
  const [gone, off] = [await spec.tenantOn(server.port), await spec.tenantOn(server.port)];
  await spec.db.query('UPDATE mail_server SET active = false WHERE tenant_id = ANY ($1)', [[gone, off]]);
  const ids = await Promise.all(
    [gone, off].map(async (tenant) => {
      await spec.db.query('UPDATE mail_server SET active = true WHERE tenant_id = $1', [tenant]);
      await spec.db.transaction(async (uow) => {
        await spec.room.enqueueIn(uow, tenant, {});
        await uow.query('UPDATE mail_server SET active = false WHERE tenant_id = $1', [tenant]);
        if (tenant === gone) await uow.query('DELETE FROM mail_server WHERE tenant_id = $1', [tenant]);
      });
      return tenant;
    }),
  );
  expect(ids).toHaveLength(2);
  expect(await spec.room.until(gone, 'refused')).toMatchObject([{ failure: { code: 'mail-server-missing' } }]);
  expect(await spec.room.deliveries(off)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
});
