import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { makeWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.product.dispose());

const oauth = (applicationId: string) => ({
  kind: 'oauth2',
  flow: 'authorizationCode',
  username: 'box@example.org',
  applicationId,
});
const basic = (secretId: string) => ({ kind: 'basic', username: 'u', password: { change: 'named', secretId } });
const server = (settings: object) => ({
  name: `named ${randomUUID()}`,
  settings: { provider: 'custom', from: 'a@example.org', host: 'localhost', port: 25, tls: 'starttls', ...settings },
});
const invitation = (more: object) => ({
  email: `${randomUUID()}@example.org`,
  role: 'customer-user',
  sendMail: false,
  ...more,
});
const asRole = (role: string) => ({ role });

interface Named {
  /** Which of another tenant's things, or of the system's unshared ones, is named. */
  readonly of: string;
  readonly call: (id: string) => readonly [method: string, path: string, body?: unknown];
}

/** Every place where a body or a query names something by its id. */
const REFERENCES: Readonly<Record<string, Named>> = {
  'the customer of a device': {
    of: 'customer',
    call: (id) => ['POST', '/api/devices', { name: randomUUID(), customerId: id }],
  },
  'the customer of a user': { of: 'customer', call: (id) => ['POST', '/api/users', invitation({ customerId: id })] },
  'the new customer of a user': {
    of: 'customer',
    call: (id) => [
      'PUT',
      `/api/users/${world.own.one('user')}`,
      { name: '', language: null, role: 'customer-user', customerId: id },
    ],
  },
  'the tenant of a user': {
    of: 'tenant of the other',
    call: (id) => ['POST', '/api/users', invitation({ ...asRole('tenant-administrator'), tenantId: id })],
  },
  'the customer whose users are listed': { of: 'customer', call: (id) => ['GET', `/api/users?customerId=${id}`] },
  'the tenant whose users are listed': {
    of: 'tenant of the other',
    call: (id) => ['GET', `/api/users?tenantId=${id}`],
  },
  'the tenant whose log is read': { of: 'tenant of the other', call: (id) => ['GET', `/api/audit?tenantId=${id}`] },
  'the thing whose log is read': { of: 'device', call: (id) => ['GET', `/api/audit?entityType=device&entityId=${id}`] },
  'the alarm whose mails are listed': { of: 'alarm', call: (id) => ['GET', `/api/mail/deliveries?alarmId=${id}`] },
  'the OAuth application of a mail server': {
    of: 'oauth-application',
    call: (id) => ['POST', '/api/mail/servers', server({ auth: oauth(id) })],
  },
  'the named secret of a mail server': {
    of: 'mail-secret',
    call: (id) => ['POST', '/api/mail/servers', server({ auth: basic(id) })],
  },
  'the server that a connection is tried like': {
    of: 'mail-server',
    call: (id) => [
      'POST',
      '/api/mail/test-mail',
      { serverId: id, settings: server({}).settings, recipient: 'me@example.org' },
    ],
  },
  'the connector of a mail server': {
    of: 'connector',
    call: (id) => ['POST', '/api/mail/servers', server({ connectorId: id })],
  },
  'the successor of a mail server': {
    of: 'mail-server',
    call: (id) => ['DELETE', `/api/mail/servers/${world.own.one('mail-server')}?replacementId=${id}`],
  },
  'the node whose messages are listed': {
    of: 'node of the other',
    call: (id) => ['GET', `/api/rule-chains/${world.own.one('rule-chain')}/debug-events?nodeId=${id}`],
  },
};

/** Of which the tenant has its own, too. */
const OWNED = ['customer', 'oauth-application', 'mail-secret', 'mail-server', 'alarm', 'device'];

/** Something that this tenant must not be able to name. */
async function foreignId(of: string): Promise<string> {
  const { foreign, system } = world;
  if (of === 'node of the other') return foreign.one('rule-chain node').split('/')[1]!;
  if (of === 'tenant of the other') {
    const tenants = await system.chief.list<{ id: string; name: string }>('/api/tenants');
    return tenants.find(({ name }) => name === foreign.mark)!.id;
  }
  return (of === 'connector' ? system : foreign).one(of);
}

interface Answer {
  readonly status: number;
  readonly said: { readonly items?: readonly unknown[] };
}

/** A change names what it is made on. */
async function revisionOf(path: string): Promise<Record<string, string>> {
  return { 'If-Match': (await world.own.chief.send('GET', path)).headers.get('etag') ?? '' };
}

/** Status and words without what differs in every answer. */
async function answerTo([method, path, body]: ReturnType<Named['call']>, id: string): Promise<Answer> {
  const answer = await world.own.chief.send(method, path, body, method === 'PUT' ? await revisionOf(path) : {});
  const text = await answer.text();
  expect(text).not.toContain(world.foreign.mark);
  const { requestId: _id, ...said } = JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>;
  return { status: answer.status, said: JSON.parse(JSON.stringify(said).replaceAll(id, 'that id')) as Answer['said'] };
}

it.each(Object.entries(REFERENCES))(
  "answers to another tenant's thing as to nothing at all: %s",
  async (_what, { of, call }) => {
    const [theirs, nothing] = [await foreignId(of), randomUUID()];
    const toTheirs = await answerTo(call(theirs), theirs);
    expect(toTheirs).toEqual(await answerTo(call(nothing), nothing));
    expect(toTheirs.status >= 400 || toTheirs.said.items?.length === 0).toBe(true);
  },
);

/** What a refusal above is about is the name alone. */
it.each(Object.entries(REFERENCES).filter(([, { of }]) => OWNED.includes(of)))(
  'takes an own thing: %s',
  async (_what, { of, call }) => {
    const ours = of === 'mail-server' ? await world.own.make('mail-server', 'admin') : world.own.one(of);
    expect((await answerTo(call(ours), ours)).status).toBeLessThan(300);
  },
);
