import { randomUUID } from 'node:crypto';

import { expect, it, vi } from 'vitest';

import { scripted, startSmtp } from '../smtp-servers.testing.js';
import { Claims } from './claims.js';
import { mailTo } from './mail-room.testing.js';
import { failing, SenderSpec } from './sender.testing.js';

const spec = new SenderSpec();

it('sends, and goes on with the message that waited, in one commit', async () => {
  const server = await spec.kept(startSmtp());
  const tenant = await spec.tenantOn(server.port, { headers: { 'X-Plant': '3' } });
  const parkedId = randomUUID();
  await spec.room.enqueue(tenant, { parkedId, ...mailTo('a@x.org, b@y.org') });
  const [row] = await spec.room.until(tenant, 'accepted');
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
  expect(await spec.room.resumes(tenant)).toEqual([
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
    await spec.db.query('SELECT attempt, accepted, server_revision FROM delivery_attempt WHERE tenant_id = $1', [
      tenant,
    ]),
  ).toEqual([{ attempt: 1, accepted: true, server_revision: 1 }]);
  expect(spec.room.events).toContain(tenant);
});

it('tries again what was put off, soon and with the same bytes', async () => {
  const server = await spec.kept(startSmtp(failing(450, 1)));
  const tenant = await spec.tenantOn(server.port);
  await spec.room.enqueue(tenant, {});
  const first = await vi.waitUntil(async () =>
    (await spec.room.deliveries(tenant)).find(({ attempts, state }) => attempts === 1 && state === 'waiting'),
  );
  expect(first).toMatchObject({ failure: { code: 'message-deferred', retryable: true } });
  expect(first.wait_ms).toBeGreaterThan(500);
  expect(first.wait_ms).toBeLessThan(2_500);
  await spec.makeDue(tenant);
  const [second] = await spec.room.until(tenant, 'accepted');
  expect(second?.raw).toEqual(first.raw);
  expect(server.received.map(({ raw }) => raw)).toEqual([first.raw?.toString()]);
});

it('retries by itself when the time has come', async () => {
  const server = await spec.kept(startSmtp(failing(450, 1)));
  const tenant = await spec.tenantOn(server.port);
  await spec.room.enqueue(tenant, {});
  await spec.room.until(tenant, 'accepted');
  expect(await spec.room.deliveries(tenant)).toMatchObject([{ attempts: 2 }]);
});

it('writes down what a server says, also where it is cut within a character', async () => {
  const hostile = await spec.kept(startSmtp(failing(550, Infinity, `x${'😀'.repeat(400)}`)));
  const tenant = await spec.tenantOn(hostile.port);
  await spec.room.enqueue(tenant, {});
  const [row] = await spec.room.until(tenant, 'refused');
  expect(row?.reply).toMatch(/^550 x😀+\ufffd$/u);
});

it('writes down what became of the others while the database refuses one of them', async () => {
  const [strange, usual] = [
    await spec.kept(startSmtp(failing(550, Infinity, 'strange'))),
    await spec.kept(startSmtp()),
  ];
  const [tenant, other] = [await spec.tenantOn(strange.port), await spec.tenantOn(usual.port)];
  await spec.db.query(`ALTER TABLE delivery ADD CONSTRAINT usual CHECK (reply NOT LIKE '%strange%')`);
  await spec.room.enqueue(tenant, {});
  await vi.waitUntil(() => spec.room.errors.length > 0);
  await spec.room.enqueue(other, {});
  await spec.room.until(other, 'accepted');
  await spec.db.query('ALTER TABLE delivery DROP CONSTRAINT usual');
  await spec.room.until(tenant, 'refused');
  spec.room.errors.length = 0;
});

it('ends at once what was refused for good', async () => {
  const server = await spec.kept(startSmtp(failing(550)));
  const tenant = await spec.tenantOn(server.port);
  await spec.room.enqueue(tenant, { parkedId: randomUUID() });
  await spec.room.until(tenant, 'refused');
  expect(await spec.room.resumes(tenant)).toMatchObject([
    {
      label: 'Failure',
      metadata: { error: expect.stringMatching(/refuses the sender.*550 not now.*Set From/), mailReply: '550 not now' },
    },
  ]);
});

it('ends at Failure when some recipients were refused, and tells both lists', async () => {
  const server = await spec.kept(
    startSmtp({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('gone') ? Object.assign(new Error('unknown'), { responseCode: 550 }) : undefined),
    }),
  );
  const tenant = await spec.tenantOn(server.port);
  await spec.room.enqueue(tenant, { parkedId: randomUUID(), ...mailTo('ok@x.org, gone@x.org') });
  expect(await spec.room.until(tenant, 'refused')).toMatchObject([
    { accepted: ['ok@x.org'], refused: [{ address: 'gone@x.org', reply: '550 unknown' }] },
  ]);
  const [resume] = await spec.room.resumes(tenant);
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
  const server = await spec.kept(
    startSmtp({
      onRcptTo: ({ address }, _session, done) =>
        done(
          address.startsWith('later') && greylisted
            ? Object.assign(new Error('wait'), { responseCode: 451 })
            : undefined,
        ),
    }),
  );
  const tenant = await spec.tenantOn(server.port);
  await spec.room.enqueue(tenant, mailTo('ok@x.org, later@x.org'));
  await vi.waitUntil(async () => (await spec.room.deliveries(tenant))[0]?.failure?.code === 'recipient-deferred');
  greylisted = false;
  await spec.makeDue(tenant);
  expect(await spec.room.until(tenant, 'accepted')).toMatchObject([{ accepted: ['ok@x.org', 'later@x.org'] }]);
  expect(server.received.map(({ recipients }) => recipients)).toEqual([['ok@x.org'], ['later@x.org']]);
});

it('sends the same bytes again when the connection broke after the mail', async () => {
  let broken = false;
  const bytes: string[] = [];
  const server = await spec.kept(
    scripted({
      DOT: (socket) => {
        bytes.push(server.lines.join('\n').split('\nDATA\n').at(-1) ?? '');
        if (broken) return void socket.write('250 2.0.0 taken\r\n');
        broken = true;
        socket.destroy();
      },
    }),
  );
  const tenant = await spec.tenantOn(server.port);
  await spec.room.enqueue(tenant, {});
  await vi.waitUntil(async () => (await spec.room.deliveries(tenant))[0]?.failure?.code === 'outcome-unknown');
  await spec.makeDue(tenant);
  await spec.room.until(tenant, 'accepted');
  expect(bytes).toHaveLength(2);
  expect(bytes[0]).toBe(bytes[1]);
});

it('gives up in time: at the last attempt that could come too late, and while nothing could be tried', async () => {
  const server = await spec.kept(startSmtp(failing(450)));
  const [tenant, waiting] = [await spec.tenantOn(server.port), await spec.tenantOn(1)];
  await spec.room.enqueue(tenant, { giveUpAfterSeconds: 1, parkedId: randomUUID() });
  expect(await spec.room.until(tenant, 'expired')).toMatchObject([
    { attempts: 1, failure: { code: 'expired', message: expect.stringContaining('450 not now') } },
  ]);
  expect(await spec.room.resumes(tenant)).toMatchObject([{ label: 'Failure' }]);
  await spec.room.enqueue(waiting, { parkedId: randomUUID() });
  await vi.waitUntil(async () =>
    (await spec.room.deliveries(waiting)).some(({ attempts, state }) => attempts === 1 && state === 'waiting'),
  );
  await spec.db.query(
    `UPDATE delivery SET give_up_at = now(), next_attempt_at = now() + interval '1 hour' WHERE tenant_id = $1 AND state = 'waiting'`,
    [waiting],
  );
  await spec.room.sweep.run([]);
  expect(await spec.room.deliveries(waiting)).toMatchObject([{ state: 'expired' }]);
  expect(await spec.room.resumes(waiting)).toMatchObject([
    { label: 'Failure', metadata: { error: expect.stringContaining('given up') } },
  ]);
});

it('asks once when a sign-in is refused, and tells the others the same without asking again', async () => {
  let asked = 0;
  const server = await spec.kept(
    startSmtp({
      authOptional: false,
      onAuth: (_auth, _session, done) => done(Object.assign(new Error(`no ${asked++}`), { responseCode: 535 })),
    }),
  );
  const tenant = await spec.tenantOn(server.port, {
    maxConnections: 1,
    auth: { kind: 'basic', username: 'u', password: 'p' },
  });
  await spec.room.enqueue(tenant, ...Array.from({ length: 20 }, () => ({})));
  const rows = await spec.room.until(tenant, 'refused');
  expect(rows.every(({ failure }) => failure?.code === 'auth-refused')).toBe(true);
  expect(asked).toBe(1);
});

it('looks no more at what waits while more is known to wait than there is room for, and sends it all the same', async () => {
  const answers: (() => void)[] = [];
  const server = await spec.kept(
    scripted({ DOT: (socket) => void answers.push(() => void socket.write('250 2.0.0 taken\r\n')) }),
  );
  const tenant = await spec.tenantOn(server.port, { maxConnections: 1 });
  vi.spyOn(performance, 'now').mockReturnValue(performance.now()); // what was seen is never too old
  await spec.room.enqueue(tenant, ...Array.from({ length: 10 }, () => ({})));
  await vi.waitUntil(() => answers.length === 1);
  const look = vi.spyOn(Claims.prototype, 'groups');
  const pick = vi.spyOn(Claims.prototype, 'pick');
  for (let more = 0; more < 5; more++) await spec.room.enqueue(tenant, {});
  expect([look.mock.calls, pick.mock.calls]).toEqual([[], []]);
  vi.restoreAllMocks();
  const answering = setInterval(() => answers.splice(0).forEach((answer) => answer()), 1);
  expect(await spec.room.until(tenant, 'accepted')).toHaveLength(15);
  clearInterval(answering);
});

it('stops in order: what is under way ends, the rest waits for the next start', async () => {
  let answer = (): void => undefined;
  const server = await spec.kept(
    scripted({ DOT: (socket) => void (answer = () => void socket.write('250 2.0.0 taken\r\n')) }),
  );
  const tenant = await spec.tenantOn(server.port, { maxConnections: 1 });
  await spec.room.enqueue(tenant, {}, {}, {});
  await vi.waitUntil(() => server.lines.includes('.'));
  const stopped = spec.room.sender.stop(60_000);
  answer();
  await stopped;
  expect((await spec.room.deliveries(tenant)).map(({ state, attempts }) => [state, attempts]).toSorted()).toEqual([
    ['accepted', 1],
    ['waiting', 0],
    ['waiting', 0],
  ]);
});
