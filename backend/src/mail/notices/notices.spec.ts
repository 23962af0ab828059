import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { NoticeRecipients } from '../../users/index.js';
import { MailRoom } from '../outbox/mail-room.testing.js';
import { ActiveNotices } from './active-notices.js';
import { NoticeRound } from './notice-round.js';

const DAY = 86_400_000;
const PUBLIC_URL = 'https://signal.example.org';
let db: Database;
let room: MailRoom;
let now: number;
let changed: string[];
let tenant: string;
let round: NoticeRound;
let active: ActiveNotices;

beforeAll(async () => {
  db = await createTestDatabase();
  room = new MailRoom(db, { id: 0 });
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.query(
    `DELETE FROM delivery; DELETE FROM mail_server; DELETE FROM user_account; DELETE FROM tenant WHERE kind = 'tenant'`,
  );
  [now, changed] = [Date.now(), []];
  const clock = { now: () => now };
  round = new NoticeRound({
    ...{ db, clock, mails: room.systemMails, recipients: new NoticeRecipients(db), publicUrl: PUBLIC_URL },
    changed: (tenantId) => changed.push(tenantId),
  });
  active = new ActiveNotices(db, clock, PUBLIC_URL);
  tenant = await room.tenant();
  await addPerson(tenant, 'admin@example.org', 'tenant-administrator', 'de');
  await addPerson(tenant, 'operator@example.org', 'tenant-operator', 'en');
  await addPerson(SYSTEM_TENANT_ID, 'root@example.org', 'system-administrator', 'en');
  await room.server(SYSTEM_TENANT_ID, 1, {}, 'System');
});

const addPerson = (tenantId: string, email: string, role: string, language: string) =>
  db.query(
    `INSERT INTO user_account (tenant_id, id, email, role, language, activated_at) VALUES ($1, $2, $3, $4, $5, now())`,
    [tenantId, randomUUID(), email, role, language],
  );

/** A mail server that signs in with OAuth, in a state. */
async function grant(
  tenantId: string,
  change: Readonly<Record<string, unknown>>,
  name = 'Plant mail',
): Promise<string> {
  const server = await room.server(tenantId, 1, {}, name, false);
  const application = randomUUID();
  await db.query(
    `INSERT INTO oauth_application (tenant_id, id, name, provider, settings, schema_version, secret_expires_at) VALUES ($1, $2, $4, 'google', '{}', 1, $3)`,
    [tenantId, application, change['secret_expires_at'] ?? null, application],
  );
  await db.query(
    `INSERT INTO oauth_grant (tenant_id, mail_server_id, application_tenant_id, application_id, flow, mailbox, scopes, state, refresh_expires_at, last_error)
     VALUES ($1, $2, $1, $3, 'authorizationCode', 'box@example.org', '{}', $4, $5, $6)`,
    [
      tenantId,
      server,
      application,
      change['state'] ?? 'valid',
      change['refresh_expires_at'] ?? null,
      change['last_error'] ?? null,
    ],
  );
  return server;
}

const mails = async () => {
  const rows = await db.query<{ template: string; language: string; recipients: string[]; name: string }>(
    `SELECT d.template, d.language, d.recipients, s.name FROM delivery d
     LEFT JOIN mail_server s ON s.tenant_id = d.server_tenant_id AND s.id = d.server_id ORDER BY d.seq`,
  );
  return rows.map(({ template, language, recipients: [to], name }) => [template, language, to, name]);
};
const codes = async (tenantId = tenant) => (await active.of(tenantId)).map(({ code }) => code);

it("tells a tenant's administrators of a consent that ends, at each threshold once, over the system's server", async () => {
  await grant(tenant, { refresh_expires_at: new Date(now + 10 * DAY) });
  await round.run();
  await round.run();
  expect(await mails()).toEqual([['oauth-expiring', 'de', 'admin@example.org', 'System']]);
  now += 4 * DAY;
  await round.run();
  expect(await mails()).toHaveLength(2);
  expect(changed).toEqual([tenant, tenant]);
});

it('tells of a sign-in that ended, and again only after it was well', async () => {
  const server = await grant(tenant, {
    state: 'needs-consent',
    last_error: { message: 'Gone.', advice: 'Sign in.', retryable: false },
  });
  await round.run();
  await round.run();
  expect(await mails()).toEqual([['oauth-ended', 'de', 'admin@example.org', 'System']]);
  expect(await active.of(tenant)).toMatchObject([
    { code: 'oauth-ended', severity: 'error', params: { serverName: 'Plant mail', serverId: server, reason: 'Gone.' } },
  ]);
  await db.query(`UPDATE oauth_grant SET state = 'valid', last_error = NULL`);
  await round.run();
  expect(await codes()).toEqual([]);
  await db.query(`UPDATE oauth_grant SET state = 'needs-consent'`);
  await round.run();
  expect(await mails()).toHaveLength(2);
});

it('waits for what heals by itself', async () => {
  await grant(tenant, { state: 'failing', last_error: { message: 'Down.', advice: 'Wait.', retryable: true } });
  await round.run();
  expect(await mails()).toEqual([]);
  expect(await codes()).toEqual([]);
});

it("warns of the system's own server by the other one", async () => {
  await db.query('DELETE FROM mail_server WHERE tenant_id = $1', [SYSTEM_TENANT_ID]);
  const dying = await grant(SYSTEM_TENANT_ID, { secret_expires_at: new Date(now + 2 * DAY) }, 'Default');
  await db.query('UPDATE mail_server SET is_default = true WHERE id = $1', [dying]);
  const other = await room.server(SYSTEM_TENANT_ID, 2, {}, 'Fallback', false);
  await db.query('UPDATE mail_server SET is_fallback = true WHERE id = $1', [other]);
  await round.run();
  expect(await mails()).toEqual([['secret-expiring', 'en', 'root@example.org', 'Fallback']]);
});

it('tells of a limit that is near and of one that is reached, and not of every mail around it', async () => {
  await db.query(`UPDATE tenant SET limits = '{"maxUsers": 5}' WHERE id = $1`, [tenant]);
  for (const name of ['a', 'b']) await addPerson(tenant, `${name}@example.org`, 'tenant-operator', 'en');
  await round.run();
  expect(await active.of(tenant)).toMatchObject([{ code: 'quota-near', params: { what: 'users', used: 4, limit: 5 } }]);
  await addPerson(tenant, 'c@example.org', 'tenant-operator', 'en');
  await round.run();
  expect(await codes()).toEqual(['quota-reached']);
  await db.query(`DELETE FROM user_account WHERE email = 'c@example.org'`);
  await round.run();
  expect((await mails()).map(([template]) => template)).toEqual(['quota-near', 'quota-reached']);
});

it('counts the mails that wait against their limit', async () => {
  await db.query(`UPDATE tenant SET limits = '{"maxWaitingMails": 1}' WHERE id = $1`, [tenant]);
  await room.server(tenant, 1);
  await room.enqueue(tenant, {});
  expect(await active.of(tenant)).toMatchObject([
    { code: 'quota-reached', params: { what: 'waiting-mails', used: 1, limit: 1 } },
  ]);
});

it("counts today's mails over the system's server against their limit, where there is one", async () => {
  const limit = (systemMailsPerDay: number | null) =>
    db.query('UPDATE tenant SET limits = $2 WHERE id = $1', [
      tenant,
      JSON.stringify({ mayUseSystemMail: true, systemMailsPerDay }),
    ]);
  await room.server(SYSTEM_TENANT_ID, 2);
  await limit(1);
  await room.enqueue(tenant, { server: { use: 'system' } });
  expect(await active.of(tenant)).toMatchObject([
    { code: 'quota-reached', params: { what: 'system-mails', used: 1, limit: 1 } },
  ]);
  await limit(null);
  expect(await active.of(tenant)).toEqual([]);
});

it("tells who can correct it that a text of one's own does not work, and no longer once it is saved", async () => {
  const key = { tenantId: tenant, template: 'activation', language: 'en' } as const;
  const text = { subject: 's', html: '<p>{{link}}</p>', text: null };
  const save = (revision: number) =>
    db.transaction((uow) => room.templates.save(uow, key, text, revision, 'admin@example.org'));
  await save(0);
  await room.broken.note(key, 'It took too long.');
  await round.run();
  expect((await mails()).map(([template, , to]) => [template, to])).toEqual([['template-broken', 'admin@example.org']]);
  expect(await active.of(tenant)).toMatchObject([{ code: 'template-broken', page: '/mail-templates/activation/en' }]);
  await save(1);
  expect(await codes()).toEqual([]);
});

it('shows the system administrator that no mail of the system gets out, and nobody else', async () => {
  expect(await codes(SYSTEM_TENANT_ID)).toEqual([]);
  await db.query('DELETE FROM mail_server WHERE tenant_id = $1', [SYSTEM_TENANT_ID]);
  expect(await codes(SYSTEM_TENANT_ID)).toEqual(['no-system-mail-server']);
  expect(await codes()).toEqual([]);
});

it.each([
  ['a server that fails', 'auth-refused', ['system-mail-failing']],
  ['a recipient that there is not', 'recipient-refused', []],
])('judges by the last mails: %s', async (_what, code, expected) => {
  await db.transaction((uow) =>
    room.systemMails.enqueue(uow, {
      tenantId: tenant,
      template: 'test',
      to: { address: 'a@b.org', language: 'en' },
      variables: { at: 0 },
    }),
  );
  await db.query(`UPDATE delivery SET state = 'refused', settled_at = now(), failure = $1`, [
    { code, message: 'No.', retryable: false },
  ]);
  expect(await codes(SYSTEM_TENANT_ID)).toEqual(expected);
});

it('shows a default server that keeps mails inside, and links that lead to this machine', async () => {
  await db.query(
    `INSERT INTO mail_server (tenant_id, id, name, is_default, settings, schema_version) VALUES ($1, $2, 'Sandbox', true, '{"provider": "sandbox"}', 1)`,
    [tenant, randomUUID()],
  );
  expect(await codes()).toEqual(['sandbox-default']);
  const local = new ActiveNotices(db, { now: () => now }, 'http://localhost:8080');
  expect((await local.of(SYSTEM_TENANT_ID)).map(({ code }) => code)).toEqual(['public-url-loopback']);
});

it('tells each of two instances that look at the same time once', async () => {
  await grant(tenant, { state: 'needs-consent' });
  const again = new NoticeRound({
    ...{ db, clock: { now: () => now }, mails: room.systemMails, recipients: new NoticeRecipients(db) },
    ...{ publicUrl: PUBLIC_URL, changed: () => undefined },
  });
  await Promise.all([round.run(), again.run()]);
  expect(await mails()).toHaveLength(1);
});
