import { randomBytes, randomUUID } from 'node:crypto';

import { Global, Module } from '@nestjs/common';
import { doctorEventSchema, mailServerDefinitionSchema, type DoctorEvent } from '@signalpost/contracts';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../access/index.js';
import { NetModule } from '../net/index.js';
import { QueueModule } from '../queue/index.js';
import { SecretBox } from '../secrets/index.js';
import { seedPeople, signedIn, startTestApp, type People, type TestApp } from '../start/test-app.testing.js';
import { DOCTOR_LIMITS } from './diagnose/doctor-limits.js';
import { DiagnoseController } from './diagnose.controller.js';
import { DOCTOR_PROVIDERS, MailModule } from './mail.module.js';
import { NobodySendsModule } from './mail-servers.testing.js';
import { MailRoutes } from './servers/mail-route.js';
import { MailServers } from './servers/mail-servers.js';
import { splitDefinition } from './servers/read-definition.js';
import { StoredSettings } from './servers/stored-settings.js';
import { TestMailsController } from './test-mails.controller.js';
import { scripted, startBlackHole, startSmtp, type TestSmtp } from './smtp-servers.testing.js';

const SECRET = 'tell-nobody-42';
const secrets = new SecretBox([{ kid: 'k', key: randomBytes(32) }]);
@Global()
@Module({ providers: [{ provide: SecretBox, useValue: secrets }], exports: [SecretBox] })
class TestSecretsModule {}

const nowhere = { host: '127.0.0.1', port: 1, passwordOf: () => SECRET };
@Module({
  imports: [MailModule],
  controllers: [DiagnoseController, TestMailsController],
  providers: [
    ...DOCTOR_PROVIDERS,
    {
      provide: MailRoutes,
      useFactory: (stored: StoredSettings) => new MailRoutes({ stored, sandbox: nowhere }),
      inject: [StoredSettings],
    },
  ],
})
class TestDiagnoseModule {}

let test: TestApp;
let people: People;
beforeAll(async () => {
  test = await startTestApp({
    rooms: [NetModule, QueueModule, TestSecretsModule, NobodySendsModule, MailModule, TestDiagnoseModule],
  });
  people = await seedPeople(test);
});
afterAll(() => test.close());
const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server.close();
});

const kept = async <T extends { close(): Promise<void> }>(started: Promise<T>): Promise<T> => {
  const server = await started;
  closing.push(server);
  return server;
};
const password = (): Promise<TestSmtp> =>
  kept(
    startSmtp({
      authOptional: false,
      onAuth: (given, _session, done) =>
        given.password === SECRET ? done(null, { user: 'u' }) : done(new Error('no')),
    }),
  );
const saved = async (settings: Record<string, unknown>, tenantId = people.tenantId): Promise<string> => {
  const auth = { kind: 'basic', username: 'u', password: SECRET };
  const definition = { name: randomUUID(), provider: 'custom', from: 'a@b.invalid', tls: 'none', auth, ...settings };
  const input = {
    ...splitDefinition(mailServerDefinitionSchema.parse(definition)),
    managed: true,
    mayDialAnywhere: true,
    by: SYSTEM_ACTOR,
  };
  const made = await test.database.transaction((uow) => test.app.get(MailServers).save(uow, tenantId, input));
  if (!made.ok) throw new Error(made.failure.message);
  return made.value.id;
};
/** The answer's JSON; of a stream, its events. */
const ask = async (who: keyof People['emails'], path: string, body: unknown) => {
  const cookie = await signedIn(test.url, people.emails[who]);
  const response = await fetch(`${test.url}/api/mail/servers/${path}`, {
    method: 'POST',
    headers: { ...cookie, 'Content-Type': 'application/json', 'X-Requested-With': 'signalpost' },
    body: JSON.stringify(body),
  });
  const [text, type] = [await response.text(), response.headers.get('content-type') ?? ''];
  const streamed = type.startsWith('application/x-ndjson');
  const json: unknown = streamed ? {} : JSON.parse(text);
  return {
    status: response.status,
    type,
    headers: response.headers,
    body: json,
    events: streamed ? eventsOf(text) : [],
  };
};
const eventsOf = (text: string): DoctorEvent[] =>
  text
    .trim()
    .split('\n')
    .map((line) => doctorEventSchema.parse(JSON.parse(line)));
const diagnose = (id: string, body: unknown = {}) => ask('admin', `${id}/diagnose`, body);
const inBase64 = Buffer.from(SECRET).toString('base64').slice(0, 12);

it('answers line by line: findings, each step, the report; and nothing secret', async () => {
  const server = await password();
  const { type, events } = await diagnose(await saved({ host: '127.0.0.1', port: server.port }), {
    recipient: 'to@example.org',
  });
  expect(type).toBe('application/x-ndjson; charset=utf-8');
  expect(events.map((event) => (event.kind === 'step' ? event.step.step : event.kind))).toEqual([
    ...['findings', 'dns', 'tcp', 'ehlo', 'auth', 'mail-from', 'dns-records', 'report'],
  ]);
  expect(events[0]).toMatchObject({ findings: [{ code: 'credentials-in-clear', severity: 'warning' }] });
  expect(events.at(-1)).toMatchObject({ report: { healthy: true, findings: [{ code: 'credentials-in-clear' }] } });
  expect(JSON.stringify(events)).not.toMatch(new RegExp(`${SECRET}|${inBase64}`));
  expect(server.received).toEqual([]);
});

it('explains what Microsoft says where SMTP is switched off', async () => {
  const disabled = '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.';
  const server = await kept(scripted({ EHLO: '250-t\r\n250 AUTH PLAIN', AUTH: disabled }));
  const { events } = await diagnose(await saved({ host: '127.0.0.1', port: server.port }));
  expect(events.at(-1)).toMatchObject({ report: { healthy: false } });
  const auth = events.find((event) => event.kind === 'step' && event.step.step === 'auth');
  expect(auth).toMatchObject({ step: { state: 'failed', code: 'smtp-auth-disabled', retry: 'no' } });
});

it('sends a test mail at once and tells what the server said', async () => {
  const server = await password();
  const id = await saved({ host: '127.0.0.1', port: server.port });
  const { status, body } = await ask('admin', `${id}/test-mail`, { recipient: 'to@example.org' });
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { accepted: true, reply: expect.stringMatching(/^250/), failure: null, explanation: null },
  });
  const lines = JSON.stringify(body);
  expect(lines).toContain('RCPT TO:<to@example.org>');
  expect(lines).not.toContain('This is a test mail');
  expect(JSON.stringify(body)).not.toMatch(new RegExp(`${SECRET}|${inBase64}`));
  expect(server.received).toMatchObject([{ sender: 'a@b.invalid', recipients: ['to@example.org'] }]);
  const [noted] = await test.database.query<{ action: string; changes: unknown }>(
    `SELECT action, changes FROM audit_event WHERE entity_id = $1 ORDER BY at DESC LIMIT 1`,
    [id],
  );
  expect(noted).toMatchObject({
    action: 'mail-server.tested',
    changes: [{ field: 'recipient', after: 'to@example.org' }],
  });
});

it('explains why a test mail was not taken', async () => {
  const echo = `535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8 BadCredentials ${SECRET}`;
  const server = await kept(scripted({ EHLO: '250-t\r\n250 AUTH PLAIN', AUTH: echo }));
  const id = await saved({ host: '127.0.0.1', port: server.port });
  const { body } = await ask('admin', `${id}/test-mail`, { recipient: 'to@example.org' });
  expect(body).toMatchObject({
    accepted: false,
    failure: { code: 'auth-refused' },
    explanation: { code: 'google-sign-in-refused', offer: { kind: 'use-oauth2' } },
  });
  expect(JSON.stringify(body)).not.toContain(SECRET);
  const gone = await ask('admin', `${await saved({ host: '127.0.0.1', port: 1 })}/test-mail`, {
    recipient: 'to@b.org',
  });
  expect(gone.body).toMatchObject({ accepted: false, failure: { code: 'connection-refused' }, explanation: null });
});

const form = (port: number, auth: object) => ({
  ...{ provider: 'custom', from: 'a@b.invalid', host: '127.0.0.1', port, tls: 'none', auth },
});
const KEPT = { kind: 'basic', username: 'u', password: { change: 'keep' } };
const names = async () =>
  (await test.app.get(MailServers).list(test.database, people.tenantId)).map(({ name }) => name);

it('tries settings as they stand in the form, with the secrets that stay, and saves nothing', async () => {
  const server = await password();
  const serverId = await saved({ host: '127.0.0.1', port: server.port, ehloName: 'old.example.org' });
  const [before, revision] = [
    await names(),
    (await test.app.get(MailServers).get(test.database, people.tenantId, serverId)).revision,
  ];
  const settings = { ...form(server.port, KEPT), ehloName: 'new.example.org' };
  const { events } = await ask('admin', '../diagnose', { serverId, settings });
  expect(events.at(-1)).toMatchObject({ report: { healthy: true } });
  expect(JSON.stringify(events)).toContain('EHLO new.example.org');
  const sent = await ask('admin', '../test-mail', { serverId, settings, recipient: 'to@example.org' });
  expect(sent).toMatchObject({ status: 200, body: { accepted: true } });
  expect(server.received).toHaveLength(1);
  expect(await names()).toEqual(before);
  expect((await test.app.get(MailServers).get(test.database, people.tenantId, serverId)).revision).toBe(revision);
});

it('never takes a secret that stays to another receiver, and says so at its field', async () => {
  const [right, wrong] = [await password(), await password()];
  const serverId = await saved({ host: '127.0.0.1', port: right.port });
  const settings = { ...form(wrong.port, KEPT), host: 'localhost' };
  for (const path of ['../diagnose', '../test-mail']) {
    const { status, body } = await ask('admin', path, {
      serverId,
      settings,
      ...(path.endsWith('mail') ? { recipient: 'a@b.org' } : {}),
    });
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ pointer: '/settings/auth/password' }] } });
  }
  const nobodys = { ...form(wrong.port, KEPT) };
  expect((await ask('admin', '../diagnose', { settings: nobodys })).status).toBe(400);
  expect((await ask('stranger', '../diagnose', { serverId, settings: nobodys })).status).toBe(404);
  expect((await ask('operator', '../diagnose', { serverId, settings: nobodys })).status).toBe(403);
});

it('tells a test mail that was accepted from one that arrived', async () => {
  const server = await password();
  const { body } = await ask('admin', `${await saved({ host: '127.0.0.1', port: server.port })}/test-mail`, {
    recipient: 'to@example.org',
  });
  const { id } = body as { id: string }; // checked by what follows
  const link = /https?:\/\/\S+\/arrived\/(\S+)/.exec(server.received[0]?.raw.replaceAll('=\r\n', '') ?? '');
  const token = link?.[1] ?? '';
  expect(JSON.stringify(body)).not.toContain(token);
  const state = async (who: keyof People['emails']) => {
    const cookie = await signedIn(test.url, people.emails[who]);
    const response = await fetch(`${test.url}/api/mail/test-mails/${id}`, { headers: cookie });
    return { status: response.status, body: (await response.json()) as { arrivedAt?: number | null } }; // looked at below
  };
  const page = `${test.url}/api/mail/test-mails/arrived/${token}`;
  const asked = await fetch(page);
  expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('I got it')]);
  expect((await state('admin')).body.arrivedAt).toBeNull();
  const pressed = await fetch(page, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '' });
  expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining('Thank you')]);
  expect((await state('admin')).body.arrivedAt).toBeGreaterThan(0);
  expect((await state('stranger')).status).toBe(404);
  expect((await fetch(`${test.url}/api/mail/test-mails/arrived/nonsense`, { method: 'POST' })).status).toBe(404);
});

it('is for administrators, each for their own servers', async () => {
  const [own, system] = [
    await saved({ host: '127.0.0.1', port: 1 }),
    await saved({ host: '127.0.0.1', port: 1 }, SYSTEM_TENANT_ID),
  ];
  for (const [path, body] of [
    ['diagnose', {}],
    ['test-mail', { recipient: 'to@example.org' }],
  ] as const) {
    for (const who of ['operator', 'customer'] as const)
      expect((await ask(who, `${own}/${path}`, body)).status).toBe(403);
    for (const who of ['stranger', 'system'] as const)
      expect((await ask(who, `${own}/${path}`, body)).status).toBe(404);
    expect((await ask('admin', `${system}/${path}`, body)).status).toBe(404);
    expect((await ask('system', `${system}/${path}`, body)).status).toBe(200);
    expect((await ask('admin', `${own}/${path}`, { recipient: 'nobody' })).status).toBe(400);
    expect((await ask('admin', `${randomUUID()}/${path}`, body)).status).toBe(404);
  }
});

it('ends a visit that is under way when the program ends', async () => {
  const hole = await kept(startBlackHole());
  const asked = diagnose(await saved({ host: '127.0.0.1', port: hole.port }));
  await expect.poll(() => hole.sockets.size).toBe(1);
  test.app.get(DiagnoseController).onModuleDestroy();
  const { events } = await asked;
  const ehlo = events.find((event) => event.kind === 'step' && event.step.step === 'ehlo');
  expect(ehlo).toMatchObject({ step: { state: 'failed', code: 'took-too-long' } });
});

it('says when it was asked too often, and how long to wait', async () => {
  const theirs = await saved({ host: '127.0.0.1', port: 1 }, people.otherTenantId);
  for (let count = 0; count < DOCTOR_LIMITS.visitsToOne; count++)
    expect((await ask('stranger', `${theirs}/diagnose`, {})).status).toBe(200);
  const refused = await ask('stranger', `${theirs}/diagnose`, {});
  expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests', retryable: true } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
});
