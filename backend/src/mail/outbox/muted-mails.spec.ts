import { randomUUID } from 'node:crypto';

import { afterEach, expect, it, vi } from 'vitest';

import { type Principal, SYSTEM_ACTOR } from '../../access/index.js';
import { startSmtp } from '../smtp-servers.testing.js';
import { Holds } from './holds.js';
import { mailTo } from './mail-room.testing.js';
import { failing, SenderSpec, subjects } from './sender.testing.js';

const spec = new SenderSpec();
afterEach(() => void vi.restoreAllMocks());
const HOUR_MS = 60 * 60 * 1000;
const inAnHour = () => Date.now() + HOUR_MS;

interface Plant {
  readonly tenant: string;
  readonly ann: Principal;
}

/** A tenant on a mail server, and the person who mutes. */
async function plantOn(port: number): Promise<Plant> {
  const tenant = await spec.tenantOn(port);
  const userId = randomUUID();
  await spec.db.query(
    `INSERT INTO user_account (tenant_id, id, email, name, role) VALUES ($1, $2, $3, 'Ann', 'tenant-operator')`,
    [tenant, userId, `${userId}@example.org`],
  );
  return { tenant, ann: { userId, tenantId: tenant, role: 'tenant-operator', customerId: null } };
}

async function alarm({ tenant }: Plant, { device = randomUUID(), type = 'High' } = {}): Promise<string> {
  const id = randomUUID();
  await spec.db.query(
    `INSERT INTO alarm (tenant_id, id, type, originator_type, originator_id, severity, start_ts, end_ts)
     VALUES ($1, $2, $3, 'DEVICE', $4, 'MAJOR', 1, 1)`,
    [tenant, id, type, device],
  );
  return id;
}

const clear = (id: string) => spec.db.query('UPDATE alarm SET cleared = true, clear_ts = 2 WHERE id = $1', [id]);
const mute = ({ ann }: Plant, id: string, until: number | 'cleared' = inAnHour(), reason: string | null = null) =>
  spec.room.mutes.mute(ann, id, { until, reason }, SYSTEM_ACTOR);
const states = async ({ tenant }: Plant) =>
  (await spec.room.deliveries(tenant)).map(({ subject, state }) => `${subject}: ${state}`);
const settled = ({ tenant }: Plant) => spec.room.until(tenant, 'accepted', 'suppressed');

it('sends no mail about a muted alarm: it is settled without an attempt, and the message goes on at Suppressed', async () => {
  const server = await spec.kept(startSmtp());
  const plant = await plantOn(server.port);
  const [alarmId, parkedId] = [await alarm(plant), randomUUID()];
  await mute(plant, alarmId, inAnHour(), 'Maintenance');
  await spec.room.enqueue(plant.tenant, { alarmId, parkedId });
  const [mail] = await settled(plant);
  const sentence = expect.stringMatching(
    /^No mail was sent, because its alarm is muted\. Muted by Ann until \d{4}-\d\d-\d\d \d\d:\d\d UTC \(Maintenance\)\./,
  );
  expect(mail).toMatchObject({
    ...{ state: 'suppressed', attempts: 0, accepted: [], reply: null },
    failure: { code: 'alarm-muted', message: sentence, retryable: false },
  });
  expect(await spec.db.query('SELECT 1 FROM delivery_attempt WHERE tenant_id = $1', [plant.tenant])).toEqual([]);
  expect(await spec.room.resumes(plant.tenant)).toEqual([
    {
      ...{ parkedId, label: 'Suppressed' },
      metadata: { mailSuppressed: sentence, acceptedRecipients: '[]', refusedRecipients: '[]' },
    },
  ]);
  expect(spec.room.events).toContain(plant.tenant);
  expect(server.received).toEqual([]);
});

it('holds back a mail that waits for a further attempt, and those behind it at once', async () => {
  const server = await spec.kept(startSmtp(failing(450, 1)));
  const plant = await plantOn(server.port);
  const alarmId = await alarm(plant);
  await spec.room.enqueue(plant.tenant, { alarmId, ...mailTo('a@x.org', 'one') });
  await vi.waitUntil(async () => (await spec.room.deliveries(plant.tenant))[0]?.attempts === 1);
  await spec.room.enqueue(plant.tenant, { alarmId, ...mailTo('a@x.org', 'two') });
  await mute(plant, alarmId);
  await spec.makeDue(plant.tenant);
  await settled(plant);
  expect(await states(plant)).toEqual(['one: suppressed', 'two: suppressed']);
  expect(server.received).toEqual([]);
});

it('frees the place of a suppressed mail for the later ones of its alarm', async () => {
  vi.spyOn(Holds.prototype, 'letGoOverdue').mockResolvedValue(); // would do it in the end, too
  const server = await spec.kept(startSmtp(failing(450, 1)));
  const plant = await plantOn(server.port);
  const alarmId = await alarm(plant);
  await spec.room.enqueue(plant.tenant, { alarmId, ...mailTo('a@x.org', 'one') });
  await vi.waitUntil(async () => (await spec.room.deliveries(plant.tenant))[0]?.attempts === 1);
  await mute(plant, alarmId);
  await spec.room.enqueue(
    plant.tenant,
    { alarmId, ...mailTo('a@x.org', 'two') },
    { alarmId, ...mailTo('a@x.org', 'three') },
  );
  await spec.db.query(`UPDATE delivery SET despite_mute = true WHERE subject IN ('two', 'three')`);
  await spec.makeDue(plant.tenant);
  await settled(plant);
  expect(await states(plant)).toEqual(['one: suppressed', 'two: accepted', 'three: accepted']);
  expect(subjects(server)).toEqual(['two', 'three']);
});

it('sends again as soon as somebody has unmuted it, or the time is over', async () => {
  const server = await spec.kept(startSmtp());
  const plant = await plantOn(server.port);
  const [unmuted, over] = [await alarm(plant), await alarm(plant)];
  for (const id of [unmuted, over]) await mute(plant, id);
  await spec.room.mutes.unmute(plant.ann, unmuted, SYSTEM_ACTOR);
  await spec.db.query(`UPDATE alarm_mute SET until = now() WHERE tenant_id = $1`, [plant.tenant]);
  await spec.room.enqueue(plant.tenant, { alarmId: unmuted, ...mailTo('a@x.org', 'unmuted') });
  await spec.room.enqueue(plant.tenant, { alarmId: over, ...mailTo('a@x.org', 'over') });
  await settled(plant);
  expect(await states(plant)).toEqual(['unmuted: accepted', 'over: accepted']);
});

it('keeps an alarm quiet that clears and is raised anew, when it is muted for a time', async () => {
  const server = await spec.kept(startSmtp());
  const plant = await plantOn(server.port);
  const device = randomUUID();
  const first = await alarm(plant, { device });
  await mute(plant, first);
  await clear(first);
  await spec.room.enqueue(plant.tenant, { alarmId: first, ...mailTo('a@x.org', 'cleared') });
  await spec.room.enqueue(plant.tenant, { alarmId: await alarm(plant, { device }), ...mailTo('a@x.org', 'anew') });
  await settled(plant);
  expect(await states(plant)).toEqual(['cleared: suppressed', 'anew: suppressed']);
});

it('lets the mail that tells of the clearing go, when it is muted until it clears, and those of the next alarm', async () => {
  const server = await spec.kept(startSmtp());
  const plant = await plantOn(server.port);
  const device = randomUUID();
  const first = await alarm(plant, { device });
  await mute(plant, first, 'cleared');
  await spec.room.enqueue(plant.tenant, { alarmId: first, ...mailTo('a@x.org', 'still high') });
  await settled(plant);
  await clear(first);
  await spec.room.enqueue(plant.tenant, { alarmId: first, ...mailTo('a@x.org', 'cleared') });
  await spec.room.enqueue(plant.tenant, { alarmId: await alarm(plant, { device }), ...mailTo('a@x.org', 'anew') });
  const rows = await settled(plant);
  expect(await states(plant)).toEqual(['still high: suppressed', 'cleared: accepted', 'anew: accepted']);
  expect(rows[0]?.failure?.message).toContain('Muted by Ann until it clears.');
});

it('holds back nothing else: of another type, device or tenant, or of no alarm', async () => {
  const server = await spec.kept(startSmtp());
  const [plant, other] = [await plantOn(server.port), await plantOn(server.port)];
  const device = randomUUID();
  const muted = await alarm(plant, { device });
  await mute(plant, muted);
  const [ofType, ofDevice] = [await alarm(plant, { device, type: 'Low' }), await alarm(plant)];
  for (const alarmId of [muted, ofType, ofDevice, null])
    await spec.room.enqueue(plant.tenant, { alarmId, ...mailTo('a@x.org', String(alarmId)) });
  await spec.room.enqueue(other.tenant, { alarmId: await alarm(other, { device }) });
  await settled(plant);
  expect(await states(plant)).toEqual([
    `${muted}: suppressed`,
    ...[ofType, ofDevice, null].map((id) => `${id}: accepted`),
  ]);
  expect(await settled(other)).toMatchObject([{ state: 'accepted' }]);
});

it('sends a suppressed mail when a person asks for this very one, and lets that be no failure in the counts', async () => {
  const server = await spec.kept(startSmtp());
  const plant = await plantOn(server.port);
  const alarmId = await alarm(plant);
  await mute(plant, alarmId);
  await spec.room.enqueue(plant.tenant, { alarmId, parkedId: randomUUID() });
  const [mail] = await settled(plant);
  expect(await spec.room.mailLog.counts(plant.tenant)).toEqual({ waiting: 0, refused: 0, expired: 0 });
  expect(await spec.room.mailLog.list(plant.tenant, { state: 'suppressed', limit: 10 })).toMatchObject({
    items: [{ id: mail?.id, alarmId }],
  });
  expect(await spec.room.mailLog.retry(plant.tenant, mail?.id ?? '', SYSTEM_ACTOR)).toBe(true);
  await spec.room.until(plant.tenant, 'accepted');
  expect(server.received).toHaveLength(1);
  expect(await spec.room.resumes(plant.tenant)).toHaveLength(1);
});

it('lets a message that comes a second time go on at Suppressed', async () => {
  const server = await spec.kept(startSmtp());
  const plant = await plantOn(server.port);
  const call = { alarmId: await alarm(plant), parkedId: randomUUID(), messageId: randomUUID() };
  await mute(plant, call.alarmId);
  await spec.room.enqueue(plant.tenant, call);
  await settled(plant);
  await spec.db.query('DELETE FROM queue_message WHERE tenant_id = $1', [plant.tenant]);
  await spec.room.enqueue(plant.tenant, call);
  expect(await spec.room.resumes(plant.tenant)).toMatchObject([{ label: 'Suppressed' }]);
});

it('suppresses also what no server could take', async () => {
  const plant = await plantOn(1);
  const alarmId = await alarm(plant);
  await mute(plant, alarmId);
  await spec.room.enqueue(plant.tenant, { alarmId });
  expect(await settled(plant)).toMatchObject([{ state: 'suppressed', attempts: 0 }]);
});

it('sends nothing while nobody can say what is muted, and asks again, but not at once', async () => {
  const server = await spec.kept(startSmtp());
  const plant = await plantOn(server.port);
  const [muted, other] = [await alarm(plant), await alarm(plant)];
  await mute(plant, muted);
  const find = vi.spyOn(spec.room.mutes, 'find').mockRejectedValue(new Error('out of reach'));
  setTimeout(() => find.mockRestore(), 500);
  await spec.room.enqueue(
    plant.tenant,
    { alarmId: muted, ...mailTo('a@x.org', 'muted') },
    { alarmId: other, ...mailTo('a@x.org', 'other') },
    ...Array.from({ length: 20 }, () => mailTo('a@x.org', 'more than one claim takes')),
  );
  await settled(plant);
  expect((await states(plant)).slice(0, 2)).toEqual(['muted: suppressed', 'other: accepted']);
  expect(spec.room.errors.splice(0)).toHaveLength(1);
});
