import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { MailRoom, mailTo, NODE } from './mail-room.testing.js';

let db: Database;
let room: MailRoom;
beforeAll(async () => {
  db = await createTestDatabase();
  room = new MailRoom(db, { id: 0 });
});
afterAll(() => db.close());

const tenantWithServer = async (limits: Record<string, unknown> = {}): Promise<{ tenant: string; server: string }> => {
  const tenant = await room.tenant(limits);
  return { tenant, server: await room.server(tenant, 25) };
};

it('keeps a mail with its recipients once each, its server, and a day to be sent', async () => {
  const { tenant, server } = await tenantWithServer();
  const [made] = await room.enqueue(tenant, {
    draft: { to: 'a@x.org, B <b@X.org>', cc: 'a@x.org', bcc: 'c@x.org', subject: 'Hot\r\nX: y' },
  });
  const [row] = await db.query(
    `SELECT id, state, recipients, subject, server_id, priority, originator_id, extract(epoch FROM give_up_at - created_at)::int AS gives_up FROM delivery WHERE tenant_id = $1`,
    [tenant],
  );
  expect(made).toEqual({ ok: true, value: { deliveryId: expect.any(String) } });
  expect(row).toMatchObject({
    state: 'waiting',
    recipients: ['a@x.org', 'b@x.org', 'c@x.org'],
    subject: 'Hot X: y',
    server_id: server,
    priority: 1,
    originator_id: NODE,
    gives_up: 86_400,
  });
});

it('takes the same call for the same mail: within one call, again, and after a rollback', async () => {
  const { tenant } = await tenantWithServer();
  const call = { messageId: randomUUID() };
  const rolledBack = room.db.transaction(async (uow) => {
    await room.enqueueIn(uow, tenant, call);
    throw new Error('back');
  });
  await expect(rolledBack).rejects.toThrow('back');
  const first = await room.enqueue(tenant, call, call, { ...call, mailNumber: 1 });
  const again = await room.enqueue(tenant, { ...call, ...mailTo('other@x.org') });
  expect(await room.deliveries(tenant)).toHaveLength(2);
  expect(first[0]).toEqual(first[1]);
  expect(again[0]).toEqual(first[0]);
});

it('keeps tenants apart: the same message id in another tenant is another mail', async () => {
  const [one, other] = [await tenantWithServer(), await tenantWithServer()];
  const messageId = randomUUID();
  await room.enqueue(one.tenant, { messageId });
  await room.enqueue(other.tenant, { messageId });
  expect(await room.deliveries(one.tenant)).toHaveLength(1);
  expect(await room.deliveries(other.tenant)).toHaveLength(1);
});

it.each([
  ['no recipient', { subject: 's' }, 'no-recipient'],
  ['a bad address', { to: 'nobody' }, 'address-invalid'],
  ['a bad sender', { to: 'a@x.org', from: 'x' }, 'address-invalid'],
  ['an injected header', { to: 'a@x.org\r\nBcc: evil@z.org' }, 'address-invalid'],
  ['a placeholder that is left', { to: '${userEmail}' }, 'address-placeholder'],
  ['too many recipients', { to: Array.from({ length: 101 }, (_, at) => `a${at}@x.org`).join() }, 'too-many-recipients'],
  ['a broken picture', { to: 'a@x.org', images: { logo: '<svg>' } }, 'image-invalid'],
])('answers with a failure for %s, and the others of the call still go', async (_what, draft, code) => {
  const { tenant } = await tenantWithServer();
  const results = await room.enqueue(tenant, { draft }, {});
  expect(results).toMatchObject([{ ok: false, failure: { code, retryable: false } }, { ok: true }]);
  expect(await room.deliveries(tenant)).toHaveLength(1);
});

it('stores text that PostgreSQL cannot hold', async () => {
  const { tenant } = await tenantWithServer();
  expect(
    await room.enqueue(tenant, { draft: { to: 'a@x.org', subject: 'x\0y', body: 'half \ud800 pair \0' } }),
  ).toMatchObject([{ ok: true }]);
});

it('chooses the server: the default, a named one, the system server where the tenant may', async () => {
  const { tenant, server } = await tenantWithServer();
  const named = await room.server(tenant, 26, {}, 'Second', false);
  const may = await tenantWithServer({ mayUseSystemMail: true });
  const system = await room.server(SYSTEM_TENANT_ID, 27);
  await room.enqueue(
    tenant,
    { server: { use: 'tenant-default' } },
    { server: { use: 'named', serverId: named } },
    { server: { use: 'system' } },
  );
  await room.enqueue(may.tenant, { server: { use: 'system' } });
  const servers = await db.query(
    'SELECT server_tenant_id AS scope, server_id AS id FROM delivery WHERE tenant_id = ANY ($1) ORDER BY seq',
    [[tenant, may.tenant]],
  );
  expect(servers).toEqual([
    { scope: tenant, id: server },
    { scope: tenant, id: named },
    { scope: tenant, id: server },
    { scope: SYSTEM_TENANT_ID, id: system },
  ]);
});

it('says what to do when there is no server, and does not find that of another tenant', async () => {
  const [tenant, other] = [await room.tenant(), await tenantWithServer()];
  expect(await room.enqueue(tenant, {}, { server: { use: 'named', serverId: other.server } })).toMatchObject([
    { ok: false, failure: { code: 'no-mail-server', message: expect.stringContaining('Add a mail server') } },
    { ok: false, failure: { code: 'mail-server-missing' } },
  ]);
});

it('takes no more than the tenant may have waiting', async () => {
  const { tenant } = await tenantWithServer({ maxWaitingMails: 3 });
  const results = await room.enqueue(tenant, {}, {}, {}, {});
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, false]);
  expect(results[3]).toMatchObject({ failure: { code: 'outbox-full', retryable: true } });
  expect(await room.enqueue(tenant, {})).toMatchObject([{ ok: false }]);
  await db.query(`UPDATE delivery SET state = 'accepted', settled_at = now() WHERE tenant_id = $1`, [tenant]);
  await room.backlog.count(db);
  expect(await room.enqueue(tenant, {})).toMatchObject([{ ok: true }]);
});

it("keeps a tenant to its mails a day over the system's server, and leaves its own servers alone", async () => {
  await room.server(SYSTEM_TENANT_ID, 25, {}, 'System of the quota');
  const { tenant } = await tenantWithServer({ mayUseSystemMail: true, systemMailsPerDay: 2 });
  const over = { server: { use: 'system' } } as const;
  const repeated = { ...over, messageId: randomUUID() };
  expect(await room.enqueue(tenant, repeated)).toMatchObject([{ ok: true }]);
  expect(await room.enqueue(tenant, repeated)).toMatchObject([{ ok: true }]);
  expect(await room.enqueue(tenant, over, {}, over)).toMatchObject([
    { ok: true },
    { ok: true },
    { ok: false, failure: { code: 'system-mail-quota', retryable: false } },
  ]);
  expect(await room.enqueue(tenant, over, {})).toMatchObject([{ ok: false }, { ok: true }]);
  await db.query(`UPDATE system_mail_count SET day = day - 1 WHERE tenant_id = $1`, [tenant]);
  expect(await room.enqueue(tenant, over)).toMatchObject([{ ok: true }]);
  const other = await tenantWithServer({ mayUseSystemMail: true, systemMailsPerDay: null });
  expect(await room.enqueue(other.tenant, over, over, over)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
});

it('wakes the sender after the commit, not before and not after a rollback', async () => {
  const { tenant } = await tenantWithServer();
  let woken = 0;
  const stop = room.signal.listen(() => woken++);
  await db.transaction(async (uow) => {
    await room.enqueueIn(uow, tenant, {});
    expect(woken).toBe(0);
  });
  expect(woken).toBe(1);
  await db
    .transaction((uow) => room.enqueueIn(uow, tenant, {}).then(() => Promise.reject(new Error('no'))))
    .catch(() => undefined);
  expect(woken).toBe(1);
  stop();
});

it('goes on at once with a message that parks for a mail which is settled already', async () => {
  const { tenant } = await tenantWithServer();
  const call = { messageId: randomUUID(), parkedId: randomUUID() };
  await room.enqueue(tenant, call);
  await db.query(
    `UPDATE delivery SET state = 'accepted', reply = '250 ok', accepted = recipients WHERE tenant_id = $1`,
    [tenant],
  );
  const second = { ...call, parkedId: randomUUID() };
  await room.enqueue(tenant, second);
  expect(await room.resumes(tenant)).toMatchObject([
    { parkedId: second.parkedId, label: 'Success', metadata: { mailReply: '250 ok' } },
  ]);
});
