import { randomUUID } from 'node:crypto';

import { sandboxSettingsSchema } from '@signalpost/contracts';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { SYSTEM_ACTOR } from '../../access/index.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { Inbox, MAX_INBOX_MESSAGES } from '../inbox/inbox.js';
import { readMessage } from '../inbox/read-message.js';
import { MailRoom, mailTo } from '../outbox/mail-room.testing.js';
import { SandboxPasswords } from './sandbox-passwords.js';
import { SandboxServer } from './sandbox-server.js';

let db: Database;
let instance: Instance;
let sandbox: SandboxServer;
let inbox: Inbox;
let room: MailRoom;
const events: unknown[] = [];
const PAGE = { limit: 50 };

beforeAll(async () => {
  db = await createTestDatabase();
  instance = await Instance.open(db);
  const { secrets } = new MailRoom(db, instance);
  inbox = new Inbox(db, { publish: (...event) => void events.push(event) });
  sandbox = new SandboxServer(0, new SandboxPasswords(secrets), inbox, { error: () => undefined });
  await sandbox.start();
});
beforeEach(async () => {
  room = new MailRoom(db, instance, sandbox);
  await room.sender.start();
});
afterEach(() => room.sender.stop(0));
afterAll(async () => {
  await sandbox.stop();
  instance.close();
  await db.close();
});

const sandboxOf = async (): Promise<string> => {
  const tenant = await room.tenant();
  const settings = sandboxSettingsSchema.parse({ provider: 'sandbox' });
  await db.transaction((uow) =>
    room.servers.save(uow, tenant, {
      ...{ name: 'DEFAULT', default: true, active: true, managed: false, settings },
      by: SYSTEM_ACTOR,
    }),
  );
  return tenant;
};

it('takes a mail from the outbox over SMTP and keeps it for its tenant alone', async () => {
  const [tenant, other] = [await sandboxOf(), await sandboxOf()];
  await room.enqueue(tenant, mailTo('Anna <a@x.org>, b@y.org', 'Gerät 7 ist heiß'));
  await room.until(tenant, 'accepted');
  const { items } = await inbox.list(tenant, PAGE);
  expect(items).toEqual([
    {
      id: expect.any(String),
      receivedAt: expect.any(Number),
      sender: 'signalpost@sandbox.invalid',
      recipients: ['a@x.org', 'b@y.org'],
      subject: 'Gerät 7 ist heiß',
      preview: 'It is hot.',
    },
  ]);
  expect(events).toContainEqual([tenant, 'inbox', 'received', items[0]?.id]);
  expect(await inbox.list(other, PAGE)).toEqual({ items: [], nextCursor: null });
  expect(await inbox.read(other, items[0]?.id ?? '')).toBeNull();
  const message = await inbox.read(tenant, items[0]?.id ?? '');
  expect(message).toMatchObject({ text: 'It is hot.\n', html: null });
  expect(message?.headers).toContainEqual({ name: 'Auto-Submitted', value: 'auto-generated' });
  expect((await inbox.source(tenant, items[0]?.id ?? ''))?.toString()).toContain('Auto-Submitted: auto-generated');
});

it('lets nobody in without the password of the tenant', async () => {
  const tenant = await sandboxOf();
  const attempt = (user: string, pass: string) =>
    createTransport({ host: sandbox.host, port: sandbox.port, ignoreTLS: true, auth: { user, pass } }).sendMail({
      from: 'a@b.org',
      to: 'c@d.org',
      text: 'x',
    });
  await expect(attempt(tenant, 'guess')).rejects.toMatchObject({ code: 'EAUTH' });
  await expect(attempt(tenant, sandbox.passwordOf(randomUUID()))).rejects.toMatchObject({ code: 'EAUTH' });
  const open = createTransport({ host: sandbox.host, port: sandbox.port, ignoreTLS: true }).sendMail({
    from: 'a@b.org',
    to: 'c@d.org',
    text: 'x',
  });
  await expect(open).rejects.toMatchObject({ responseCode: 530 });
  expect((await inbox.list(tenant, PAGE)).items).toEqual([]);
});

it('forgets the oldest beyond its limit', async () => {
  const tenant = await room.tenant();
  await db.query(
    `INSERT INTO inbox_message (tenant_id, id, received_at, sender, recipients, subject, raw)
     SELECT $1, gen_random_uuid(), now() - make_interval(secs => n), 's', '{}', n::text, '' FROM generate_series(1, $2::int) n`,
    [tenant, MAX_INBOX_MESSAGES],
  );
  await inbox.add(tenant, { sender: 'a@b.org', recipients: [], raw: Buffer.from('Subject: newest\r\n\r\nx') });
  const rows = await db.query<{ subject: string }>(
    'SELECT subject FROM inbox_message WHERE tenant_id = $1 ORDER BY received_at DESC',
    [tenant],
  );
  expect(rows).toHaveLength(MAX_INBOX_MESSAGES);
  expect([rows[0]?.subject, rows.at(-1)?.subject]).toEqual(['newest', String(MAX_INBOX_MESSAGES - 1)]);
});

it('deletes one and all, of this tenant only', async () => {
  const [tenant, other] = [await room.tenant(), await room.tenant()];
  for (const owner of [tenant, tenant, other])
    await inbox.add(owner, { sender: '', recipients: ['a@b.org'], raw: Buffer.from('\r\n\0x') });
  const [first] = (await inbox.list(tenant, PAGE)).items;
  expect(await inbox.remove(other, first?.id ?? '', SYSTEM_ACTOR)).toBe(false);
  expect(await inbox.remove(tenant, first?.id ?? '', SYSTEM_ACTOR)).toBe(true);
  await inbox.clear(tenant, SYSTEM_ACTOR);
  expect((await inbox.list(tenant, PAGE)).items).toEqual([]);
  expect((await inbox.list(other, PAGE)).items).toHaveLength(1);
});

it('says how to go on when its port is taken', async () => {
  const second = new SandboxServer(sandbox.port, new SandboxPasswords(room.secrets), inbox, { error: () => undefined });
  await expect(second.start()).rejects.toThrow(
    `cannot listen on 127.0.0.1:${sandbox.port} (EADDRINUSE). Set SANDBOX_SMTP_PORT to a free port; 0 takes any.`,
  );
});

it('shows HTML without what acts, loads or covers', async () => {
  const html = [
    '<p style="color:red;background:url(http://track.example/x);position:fixed" onclick="x()">hot</p><script>x</script><iframe src="https://x.org"></iframe>',
    '<img src="http://track.example/p.gif"><img src="data:image/png;base64,AA==" alt="ok"><a href="javascript:x">js</a><a href="https://x.org">go</a><form action="/x"><input></form>',
  ].join('');
  const { html: clean } = await readMessage(Buffer.from(`Content-Type: text/html\r\n\r\n${html}`));
  expect(clean).toBe(
    '<p style="color:red">hot</p><img /><img src="data:image/png;base64,AA==" alt="ok" />' +
      '<a rel="noopener noreferrer nofollow" target="_blank">js</a><a href="https://x.org" rel="noopener noreferrer nofollow" target="_blank">go</a>',
  );
});
