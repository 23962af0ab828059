import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { scripted, startBlackHole, startSmtp, type TestSmtp } from '../smtp-servers.testing.js';
import { MailRoom, mailTo } from './mail-room.testing.js';

let db: Database;
let instance: Instance;
let room: MailRoom;
const closing: (() => Promise<void>)[] = [];

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
  await room.sender.start();
});
afterEach(async () => {
  await room.sender.stop(0);
  for (const close of closing.splice(0)) await close();
  expect(room.errors).toEqual([]);
  await db.query('DELETE FROM delivery');
});

const kept = async <T extends { close(): Promise<void> }>(started: Promise<T>): Promise<T> => {
  const server = await started;
  closing.push(() => server.close());
  return server;
};
const tenantOn = async (port: number, settings: Record<string, unknown> = {}): Promise<string> => {
  const tenant = await room.tenant();
  await room.server(tenant, port, settings);
  return tenant;
};
/** As if the time of the next attempt had come. */
const makeDue = async (tenant: string): Promise<void> => {
  await db.query(`UPDATE delivery SET next_attempt_at = now() WHERE tenant_id = $1 AND state = 'waiting'`, [tenant]);
  room.sender.wake();
};
const subjects = (server: TestSmtp) => server.received.map(({ raw }) => /^Subject: (.*)$/m.exec(raw)?.[1]?.trim());
const failing = (responseCode: number, times = Infinity) => {
  let left = times;
  return {
    onMailFrom: (_address: unknown, _session: unknown, done: (error?: Error) => void) =>
      done(left-- > 0 ? Object.assign(new Error('not now'), { responseCode }) : undefined),
  };
};

it('sends, and goes on with the message that waited, in one commit', async () => {
  const server = await kept(startSmtp());
  const tenant = await tenantOn(server.port, { headers: { 'X-Plant': '3' } });
  const parkedId = randomUUID();
  await room.enqueue(tenant, { parkedId, ...mailTo('a@x.org, b@y.org') });
  const [row] = await room.until(tenant, 'accepted');
  expect(row).toMatchObject({
    attempts: 1,
    accepted: ['a@x.org', 'b@y.org'],
    failure: null,
    reply: expect.stringMatching(/^250/),
  });
  expect(server.received).toEqual([
    { sender: 'plant@example.org', recipients: ['a@x.org', 'b@y.org'], raw: row?.raw?.toString() },
  ]);
  expect(row?.raw?.toString()).toMatch(new RegExp(`^Message-ID: <${row?.id}@signal\\.example\\.org>\\r$`, 'm'));
  expect(row?.raw?.toString()).toContain('X-Plant: 3');
  expect(await room.resumes(tenant)).toEqual([
    {
      parkedId,
      label: 'Success',
      metadata: {
        mailMessageId: row?.message_id,
        mailReply: row?.reply,
        acceptedRecipients: '["a@x.org","b@y.org"]',
        refusedRecipients: '[]',
      },
    },
  ]);
  expect(
    await db.query('SELECT attempt, accepted, server_revision FROM delivery_attempt WHERE tenant_id = $1', [tenant]),
  ).toEqual([{ attempt: 1, accepted: true, server_revision: 1 }]);
  expect(room.events).toContain(tenant);
});

it('tries again what was put off, soon and with the same bytes', async () => {
  const server = await kept(startSmtp(failing(450, 1)));
  const tenant = await tenantOn(server.port);
  await room.enqueue(tenant, {});
  const first = await vi.waitUntil(async () =>
    (await room.deliveries(tenant)).find(({ attempts, state }) => attempts === 1 && state === 'waiting'),
  );
  expect(first).toMatchObject({ failure: { code: 'message-deferred', retryable: true } });
  expect(first.wait_ms).toBeGreaterThan(500);
  expect(first.wait_ms).toBeLessThan(2_500);
  await makeDue(tenant);
  const [second] = await room.until(tenant, 'accepted');
  expect(second?.raw).toEqual(first.raw);
  expect(server.received.map(({ raw }) => raw)).toEqual([first.raw?.toString()]);
});

it('retries by itself when the time has come', async () => {
  const server = await kept(startSmtp(failing(450, 1)));
  const tenant = await tenantOn(server.port);
  await room.enqueue(tenant, {});
  await room.until(tenant, 'accepted');
  expect(await room.deliveries(tenant)).toMatchObject([{ attempts: 2 }]);
});

it('ends at once what was refused for good', async () => {
  const server = await kept(startSmtp(failing(550)));
  const tenant = await tenantOn(server.port);
  await room.enqueue(tenant, { parkedId: randomUUID() });
  await room.until(tenant, 'refused');
  expect(await room.resumes(tenant)).toMatchObject([
    {
      label: 'Failure',
      metadata: { error: expect.stringMatching(/refuses the sender.*550 not now.*Set From/), mailReply: '550 not now' },
    },
  ]);
});

it('ends at Failure when some recipients were refused, and tells both lists', async () => {
  const server = await kept(
    startSmtp({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('gone') ? Object.assign(new Error('unknown'), { responseCode: 550 }) : undefined),
    }),
  );
  const tenant = await tenantOn(server.port);
  await room.enqueue(tenant, { parkedId: randomUUID(), ...mailTo('ok@x.org, gone@x.org') });
  expect(await room.until(tenant, 'refused')).toMatchObject([
    { accepted: ['ok@x.org'], refused: [{ address: 'gone@x.org', reply: '550 unknown' }] },
  ]);
  const [resume] = await room.resumes(tenant);
  expect(resume).toMatchObject({
    label: 'Failure',
    metadata: {
      acceptedRecipients: '["ok@x.org"]',
      refusedRecipients: '[{"address":"gone@x.org","reply":"550 unknown"}]',
    },
  });
});

it('tries the recipients that were put off again, without a second mail for the others', async () => {
  let greylisted = true;
  const server = await kept(
    startSmtp({
      onRcptTo: ({ address }, _session, done) =>
        done(
          address.startsWith('later') && greylisted
            ? Object.assign(new Error('wait'), { responseCode: 451 })
            : undefined,
        ),
    }),
  );
  const tenant = await tenantOn(server.port);
  await room.enqueue(tenant, mailTo('ok@x.org, later@x.org'));
  await vi.waitUntil(async () => (await room.deliveries(tenant))[0]?.failure?.code === 'recipient-deferred');
  greylisted = false;
  await makeDue(tenant);
  expect(await room.until(tenant, 'accepted')).toMatchObject([{ accepted: ['ok@x.org', 'later@x.org'] }]);
  expect(server.received.map(({ recipients }) => recipients)).toEqual([['ok@x.org'], ['later@x.org']]);
});

it('sends the same bytes again when the connection broke after the mail', async () => {
  let broken = false;
  const bytes: string[] = [];
  const server = await kept(
    scripted({
      DOT: (socket) => {
        bytes.push(server.lines.join('\n').split('\nDATA\n').at(-1) ?? '');
        if (broken) return void socket.write('250 2.0.0 taken\r\n');
        broken = true;
        socket.destroy();
      },
    }),
  );
  const tenant = await tenantOn(server.port);
  await room.enqueue(tenant, {});
  await vi.waitUntil(async () => (await room.deliveries(tenant))[0]?.failure?.code === 'outcome-unknown');
  await makeDue(tenant);
  await room.until(tenant, 'accepted');
  expect(bytes).toHaveLength(2);
  expect(bytes[0]).toBe(bytes[1]);
});

it('lets a black hole hold up nobody else', async () => {
  const hole = await kept(startBlackHole());
  const server = await kept(startSmtp());
  const [stuck, well] = [await tenantOn(hole.port, { maxConnections: 5 }), await tenantOn(server.port)];
  await room.enqueue(stuck, ...Array.from({ length: 60 }, () => ({})));
  await vi.waitUntil(
    async () => (await room.deliveries(stuck)).filter(({ state }) => state === 'sending').length === 20,
  );
  await room.enqueue(well, ...Array.from({ length: 200 }, () => ({})));
  await room.until(well, 'accepted');
  const states = (await room.deliveries(stuck)).map(({ state }) => state);
  expect(states.filter((state) => state === 'sending')).toHaveLength(20);
  expect(states.filter((state) => state === 'waiting')).toHaveLength(40);
  expect(hole.sockets.size).toBe(5);
});

it('backs off from a dead server as a whole: one mail asks, the others wait without an attempt', async () => {
  const tenant = await tenantOn(1);
  await room.enqueue(tenant, ...Array.from({ length: 50 }, () => ({})));
  await vi.waitUntil(async () => (await room.deliveries(tenant)).some(({ attempts }) => attempts > 0));
  const rows = await room.until(tenant, 'waiting');
  expect(rows.filter(({ attempts }) => attempts > 0).length).toBeLessThanOrEqual(6);
});

it('uses saved settings at once: what waits for a dead server leaves over the corrected one', async () => {
  const tenant = await tenantOn(1);
  await room.enqueue(tenant, ...Array.from({ length: 30 }, () => ({})));
  await vi.waitUntil(async () => (await room.deliveries(tenant)).some(({ attempts }) => attempts > 0));
  const server = await kept(startSmtp());
  await room.server(tenant, server.port);
  await room.until(tenant, 'accepted');
  expect(server.received).toHaveLength(30);
});

it('changes to new settings in the middle of a queue', async () => {
  const [old, young] = [await kept(startSmtp()), await kept(startSmtp())];
  const tenant = await tenantOn(old.port, { maxConnections: 1 });
  await room.enqueue(tenant, ...Array.from({ length: 100 }, () => ({})));
  await vi.waitUntil(() => old.received.length > 3);
  await room.server(tenant, young.port);
  await room.until(tenant, 'accepted');
  expect(young.received.length).toBeGreaterThan(0);
  expect(old.received.length + young.received.length).toBe(100);
});

it('sends the mails of one alarm to one recipient in order, and holds nobody else', async () => {
  const server = await kept(startSmtp(failing(450, 1)));
  const tenant = await tenantOn(server.port);
  const [alarmId, other] = [randomUUID(), randomUUID()];
  await room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'one') });
  await vi.waitUntil(async () => (await room.deliveries(tenant))[0]?.attempts === 1);
  await room.enqueue(
    tenant,
    { alarmId, ...mailTo('A@x.org, a@x.org', 'two') },
    { alarmId, ...mailTo('a@x.org', 'three') },
  );
  await room.enqueue(
    tenant,
    { alarmId, ...mailTo('b@x.org', 'to another') },
    { alarmId: other, ...mailTo('a@x.org', 'of another') },
  );
  await expect.poll(() => subjects(server).toSorted()).toEqual(['of another', 'to another']);
  await makeDue(tenant);
  await room.until(tenant, 'accepted');
  expect(subjects(server).slice(2)).toEqual(['one', 'two', 'three']);
});

it('holds a mail behind an earlier one of its alarm for at most 15 minutes', async () => {
  const server = await kept(startSmtp(failing(450, 1)));
  const tenant = await tenantOn(server.port);
  const alarmId = randomUUID();
  await room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'one') });
  await vi.waitUntil(async () => (await room.deliveries(tenant))[0]?.attempts === 1);
  await db.query(`UPDATE delivery SET next_attempt_at = now() + interval '1 hour' WHERE tenant_id = $1`, [tenant]);
  await room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'two') });
  const [{ held }] = (await db.query<{ held: number }>(
    `SELECT extract(epoch FROM max(held_until) - now())::int AS held FROM delivery WHERE tenant_id = $1`,
    [tenant],
  )) as [{ held: number }];
  expect(held).toBeGreaterThan(890);
  await room.sweep.run([]);
  expect(subjects(server)).toEqual([]);
  await db.query(`UPDATE delivery SET held_until = now() WHERE tenant_id = $1 AND held_until IS NOT NULL`, [tenant]);
  await room.sweep.run([]);
  room.sender.wake();
  await expect.poll(() => subjects(server)).toEqual(['two']);
});

it('lets a later mail go whose forerunner is settled while the later one is being written', async () => {
  let answer = (): void => undefined;
  let mails = 0;
  const server = await kept(
    scripted({
      DOT: (socket) => {
        answer = () => void socket.write('250 2.0.0 taken\r\n');
        if (++mails > 1) answer();
      },
    }),
  );
  const tenant = await tenantOn(server.port);
  const alarmId = randomUUID();
  await room.enqueue(tenant, { alarmId, ...mailTo('a@x.org', 'one') });
  await vi.waitUntil(() => mails === 1);
  await db.transaction(async (uow) => {
    await room.enqueueIn(uow, tenant, { alarmId, ...mailTo('a@x.org', 'two') });
    expect(
      await uow.query('SELECT 1 FROM delivery WHERE tenant_id = $1 AND held_until IS NOT NULL', [tenant]),
    ).toHaveLength(1);
    answer();
    await vi.waitUntil(async () => (await room.deliveries(tenant))[0]?.state === 'accepted');
  });
  expect(await room.until(tenant, 'accepted')).toHaveLength(2);
});

it('takes over what a dead instance had under way, with the same bytes and id', async () => {
  const server = await kept(startSmtp());
  const tenant = await tenantOn(server.port);
  const dead = await Instance.open(db);
  await room.sender.stop(0);
  await room.enqueue(tenant, {});
  await db.query(
    `UPDATE delivery SET state = 'sending', owner = $2, raw = 'Message-ID: <kept@x>\r\n\r\nkept\r\n', message_id = '<kept@x>' WHERE tenant_id = $1`,
    [tenant, dead.id],
  );
  await room.sweep.run([]);
  expect(await room.deliveries(tenant)).toMatchObject([{ state: 'sending' }]);
  dead.close();
  await vi.waitFor(async () => {
    await room.sweep.run([]);
    expect(await room.deliveries(tenant)).toMatchObject([{ state: 'waiting' }]);
  });
  await room.sender.start();
  expect(await room.until(tenant, 'accepted')).toMatchObject([{ message_id: '<kept@x>' }]);
  expect(server.received).toMatchObject([{ raw: 'Message-ID: <kept@x>\r\n\r\nkept\r\n' }]);
});

it('gives up in time: at the last attempt that could come too late, and while nothing could be tried', async () => {
  const server = await kept(startSmtp(failing(450)));
  const [tenant, waiting] = [await tenantOn(server.port), await tenantOn(1)];
  await room.enqueue(tenant, { giveUpAfterSeconds: 1, parkedId: randomUUID() });
  expect(await room.until(tenant, 'expired')).toMatchObject([
    { attempts: 1, failure: { code: 'expired', message: expect.stringContaining('450 not now') } },
  ]);
  expect(await room.resumes(tenant)).toMatchObject([{ label: 'Failure' }]);
  await room.enqueue(waiting, { parkedId: randomUUID() });
  await vi.waitUntil(async () =>
    (await room.deliveries(waiting)).some(({ attempts, state }) => attempts === 1 && state === 'waiting'),
  );
  await db.query(
    `UPDATE delivery SET give_up_at = now(), next_attempt_at = now() + interval '1 hour' WHERE tenant_id = $1 AND state = 'waiting'`,
    [waiting],
  );
  await room.sweep.run([]);
  expect(await room.deliveries(waiting)).toMatchObject([{ state: 'expired' }]);
  expect(await room.resumes(waiting)).toMatchObject([
    { label: 'Failure', metadata: { error: expect.stringContaining('given up') } },
  ]);
});

it('asks once when a sign-in is refused, and tells the others the same without asking again', async () => {
  let asked = 0;
  const server = await kept(
    startSmtp({
      authOptional: false,
      onAuth: (_auth, _session, done) => done(Object.assign(new Error(`no ${asked++}`), { responseCode: 535 })),
    }),
  );
  const tenant = await tenantOn(server.port, {
    maxConnections: 1,
    auth: { kind: 'basic', username: 'u', password: 'p' },
  });
  await room.enqueue(tenant, ...Array.from({ length: 20 }, () => ({})));
  const rows = await room.until(tenant, 'refused');
  expect(rows.every(({ failure }) => failure?.code === 'auth-refused')).toBe(true);
  expect(asked).toBe(1);
});

it('takes from each tenant in turn where they share the server of the system, and its own mails first', async () => {
  const server = await kept(startSmtp());
  await room.server(SYSTEM_TENANT_ID, server.port, { maxConnections: 1 });
  const [many, few] = [await room.tenant({ mayUseSystemMail: true }), await room.tenant({ mayUseSystemMail: true })];
  await room.sender.stop(0);
  await room.enqueue(
    many,
    ...Array.from({ length: 100 }, () => ({ server: { use: 'system' } as const, ...mailTo('a@x.org', 'many') })),
  );
  await room.enqueue(few, { server: { use: 'system' }, ...mailTo('a@x.org', 'few') });
  await room.enqueue(few, { server: { use: 'system' }, ...mailTo('a@x.org', 'system') });
  await db.query(`UPDATE delivery SET priority = 0 WHERE subject = 'system'`);
  await room.sender.start();
  await room.until(many, 'accepted');
  expect(subjects(server)[0]).toBe('system');
  expect(subjects(server).indexOf('few')).toBeLessThan(10);
  await db.query('DELETE FROM mail_server WHERE tenant_id = $1', [SYSTEM_TENANT_ID]);
});

it('refuses what is left for a server that is gone, and leaves alone what waits for one that is switched off', async () => {
  const server = await kept(startSmtp());
  const [gone, off] = [await tenantOn(server.port), await tenantOn(server.port)];
  await db.query('UPDATE mail_server SET active = false WHERE tenant_id = ANY ($1)', [[gone, off]]);
  const ids = await Promise.all(
    [gone, off].map(async (tenant) => {
      await db.query('UPDATE mail_server SET active = true WHERE tenant_id = $1', [tenant]);
      await db.transaction(async (uow) => {
        await room.enqueueIn(uow, tenant, {});
        await uow.query('UPDATE mail_server SET active = false WHERE tenant_id = $1', [tenant]);
        if (tenant === gone) await uow.query('DELETE FROM mail_server WHERE tenant_id = $1', [tenant]);
      });
      return tenant;
    }),
  );
  expect(ids).toHaveLength(2);
  expect(await room.until(gone, 'refused')).toMatchObject([{ failure: { code: 'mail-server-missing' } }]);
  expect(await room.deliveries(off)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
});

it('stops in order: what is under way ends, the rest waits for the next start', async () => {
  let answer = (): void => undefined;
  const server = await kept(
    scripted({ DOT: (socket) => void (answer = () => void socket.write('250 2.0.0 taken\r\n')) }),
  );
  const tenant = await tenantOn(server.port, { maxConnections: 1 });
  await room.enqueue(tenant, {}, {}, {});
  await vi.waitUntil(() => server.lines.includes('.'));
  const stopped = room.sender.stop(60_000);
  answer();
  await stopped;
  expect((await room.deliveries(tenant)).map(({ state, attempts }) => [state, attempts]).toSorted()).toEqual([
    ['accepted', 1],
    ['waiting', 0],
    ['waiting', 0],
  ]);
});
