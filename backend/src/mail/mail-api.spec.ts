import { randomBytes, randomUUID } from 'node:crypto';

import { Global, Module } from '@nestjs/common';
import { mailServerDefinitionSchema } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../access/index.js';
import { NetModule } from '../net/index.js';
import { QueueModule } from '../queue/index.js';
import { SecretBox } from '../secrets/index.js';
import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../start/test-app.testing.js';
import { Inbox } from './inbox/inbox.js';
import { MailModule } from './mail.module.js';
import { mailCall, NODE } from './outbox/mail-room.testing.js';
import { Outbox } from './outbox/outbox.js';
import { NobodySendsModule } from './mail-servers.testing.js';
import { MailServers } from './servers/mail-servers.js';
import { splitDefinition } from './servers/read-definition.js';

const secrets = new SecretBox([{ kid: 'k', key: randomBytes(32) }]);
@Global()
@Module({ providers: [{ provide: SecretBox, useValue: secrets }], exports: [SecretBox] })
class TestSecretsModule {}

let test: TestApp;
let people: People;
beforeAll(async () => {
  test = await startTestApp({ rooms: [NetModule, QueueModule, TestSecretsModule, NobodySendsModule, MailModule] });
  people = await seedPeople(test);
  await addServer(people.tenantId, 'Plant mail');
  await addServer(SYSTEM_TENANT_ID, 'System mail');
});
afterAll(() => test.close());

const addServer = (tenantId: string, name: string) => {
  const auth = { kind: 'basic', username: 'u', password: 'tell-nobody' };
  const definition = { name, provider: 'custom', from: 'a@b.org', host: 'smtp.example.org', auth };
  const input = { ...splitDefinition(mailServerDefinitionSchema.parse(definition)), managed: true, by: SYSTEM_ACTOR };
  return test.database.transaction((uow) => test.app.get(MailServers).save(uow, tenantId, input));
};
const addDelivery = async (): Promise<string> => {
  const scope = { tenantId: people.tenantId, chainId: NODE, nodeId: NODE, nodeName: 'send' };
  const [made] = await test.database.transaction((uow) => test.app.get(Outbox).enqueue(uow, scope, [mailCall({})]));
  return made?.ok ? made.value.deliveryId : '';
};
const addInboxMessage = async (): Promise<string> => {
  const raw = Buffer.from('Subject: <b>Hot</b>\r\nContent-Type: text/html\r\n\r\n<script>x</script><p>hot</p>');
  await test.app.get(Inbox).add(people.tenantId, { sender: 'a@b.org', recipients: ['c@d.org'], raw });
  const { items } = await test.app.get(Inbox).list(people.tenantId, { limit: 1 });
  return items[0]?.id ?? '';
};
const as = async (who: keyof People['emails'], method: string, path: string) =>
  send(`${test.url}${path}`, method, undefined, await signedIn(test.url, people.emails[who]));

it('shows each scope its own mail servers, never a secret', async () => {
  const [own, system] = [
    await as('operator', 'GET', '/api/mail/servers'),
    await as('system', 'GET', '/api/mail/servers'),
  ];
  expect(own.body).toMatchObject({
    items: [{ name: 'Plant mail', host: 'smtp.example.org', port: 587, isDefault: true }],
  });
  expect(system.body).toMatchObject({ items: [{ name: 'System mail' }] });
  expect(JSON.stringify([own.body, system.body])).not.toMatch(/tell-nobody|s1:k/);
  expect((await as('stranger', 'GET', '/api/mail/servers')).body).toEqual({ items: [] });
});

it('shows the mail log, lets administrators cancel and retry, and says what state stands against it', async () => {
  const id = await addDelivery();
  const path = `/api/mail/deliveries/${id}`;
  expect((await as('operator', 'GET', '/api/mail/deliveries?state=waiting')).body).toMatchObject({
    items: [{ id, state: 'waiting' }],
  });
  expect((await as('operator', 'POST', `${path}/cancel`)).status).toBe(403);
  expect(await as('admin', 'POST', `${path}/cancel`)).toMatchObject({
    status: 200,
    body: { state: 'cancelled', failure: { code: 'cancelled' } },
  });
  const again = await as('admin', 'POST', `${path}/cancel`);
  expect(again).toMatchObject({ status: 409, body: { code: 'delivery-state', detail: 'It is "cancelled".' } });
  expect(await as('admin', 'POST', `${path}/retry`)).toMatchObject({
    status: 200,
    body: { state: 'waiting', failure: null, history: [] },
  });
  expect((await as('admin', 'GET', '/api/mail/deliveries?state=nonsense')).status).toBe(400);
});

it.each([
  ['GET', (id: string) => `/api/mail/deliveries/${id}`],
  ['POST', (id: string) => `/api/mail/deliveries/${id}/cancel`],
  ['POST', (id: string) => `/api/mail/deliveries/${id}/retry`],
])('finds no delivery of another tenant: %s', async (method, path) => {
  const id = await addDelivery();
  for (const who of ['stranger', 'system'] as const) expect((await as(who, method, path(id))).status).toBe(404);
  expect((await as('admin', 'GET', `/api/mail/deliveries/${randomUUID()}`)).status).toBe(404);
});

it('shows the inbox, its HTML made harmless and its source as plain text', async () => {
  const id = await addInboxMessage();
  expect((await as('operator', 'GET', '/api/inbox/messages')).body).toMatchObject({
    items: [{ id, subject: '<b>Hot</b>' }],
  });
  expect((await as('operator', 'GET', `/api/inbox/messages/${id}`)).body).toMatchObject({ html: '<p>hot</p>' });
  const source = await as('operator', 'GET', `/api/inbox/messages/${id}/source`);
  expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(source.body).toEqual({ text: expect.stringContaining('<script>x</script>') });
});

it('keeps an inbox to its tenant, and deleting to administrators', async () => {
  const id = await addInboxMessage();
  for (const path of [`/api/inbox/messages/${id}`, `/api/inbox/messages/${id}/source`])
    expect((await as('stranger', 'GET', path)).status).toBe(404);
  expect((await as('stranger', 'DELETE', `/api/inbox/messages/${id}`)).status).toBe(404);
  expect((await as('operator', 'DELETE', `/api/inbox/messages/${id}`)).status).toBe(403);
  expect((await as('admin', 'DELETE', `/api/inbox/messages/${id}`)).status).toBe(204);
  expect((await as('admin', 'DELETE', '/api/inbox/messages')).status).toBe(204);
  expect((await as('admin', 'GET', '/api/inbox/messages')).body).toEqual({ items: [], nextCursor: null });
});

it.each(['/api/mail/servers', '/api/mail/deliveries', '/api/inbox/messages'])(
  'opens %s to staff alone',
  async (path) => {
    expect((await as('customer', 'GET', path)).status).toBe(403);
    expect((await send(`${test.url}${path}`, 'GET')).status).toBe(401);
  },
);
