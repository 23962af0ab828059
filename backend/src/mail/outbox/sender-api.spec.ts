import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { startMailApis, type FakeMailApis } from '../../../../test/fakes/mail-apis.js';
import { SYSTEM_ACTOR } from '../../access/index.js';
import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import { serverRooms } from '../mail-servers.testing.js';
import { testCa } from '../smtp-servers.testing.js';
import { TestTokens } from '../transport/tokens.testing.js';
import { MailRoom } from './mail-room.testing.js';

let db: Database;
let instance: Instance;
let apis: FakeMailApis;
let room: MailRoom;
let tokens: TestTokens;
const http = new GuardedFetch(new EgressGuard(['localhost']), { ca: [testCa] });

beforeAll(async () => {
  db = await createTestDatabase();
  instance = await Instance.open(db);
  apis = await startMailApis();
});
afterAll(async () => {
  await apis.close();
  instance.close();
  await db.close();
});
beforeEach(async () => {
  tokens = new TestTokens('good');
  const apiUrls = () => ({ graph: apis.url, gmail: apis.url });
  room = new MailRoom(db, instance, undefined, { http, apiUrls, tokens: () => tokens });
  await room.sender.start();
});
afterEach(async () => {
  await room.sender.stop(0);
  expect(room.errors).toEqual([]);
  await db.query('DELETE FROM delivery');
});

/** A tenant whose mails go over the API of its provider. */
async function tenantOver(transport: 'graph' | 'gmail', more: object = {}): Promise<string> {
  const provider = transport === 'graph' ? 'microsoft-365' : 'google';
  const tenant = await room.tenant();
  const { applications } = serverRooms(db, room.secrets);
  const settings = { clientId: 'c', clientSecret: 's', directoryId: 'example.org' };
  const input = { name: 'App', provider, settings, shared: false, secretExpiresAt: null, managed: false } as const;
  const { id } = await db.transaction((uow) => applications.save(uow, tenant, input, SYSTEM_ACTOR));
  const auth = { kind: 'oauth2', flow: 'authorizationCode', username: 'box@example.org', applicationId: id };
  const host = transport === 'graph' ? 'smtp.office365.com' : 'smtp.gmail.com';
  await room.server(tenant, 587, { provider, transport, host, tls: 'starttls', auth, ...more });
  return tenant;
}

it.each(['graph', 'gmail'] as const)(
  'sends what waits over the API %s, with copies and the bytes that were kept',
  async (api) => {
    const before = apis.mails.length;
    const tenant = await tenantOver(api, { bcc: ['archive@example.org'] });
    await room.enqueue(tenant, {}, {}, {});
    const rows = await room.until(tenant, 'accepted');
    const sent = apis.mails.slice(before);
    expect(sent.map((mail) => [mail.api, mail.mailbox])).toEqual(
      Array.from({ length: 3 }, () => [api, 'box@example.org']),
    );
    expect(sent[0]?.raw).toContain('Bcc: archive@example.org');
    expect(rows.map(({ reply }) => reply?.slice(0, 12))).toEqual(
      Array.from({ length: 3 }, () => `${api === 'graph' ? 202 : 200} accepted`),
    );
  },
);

it('leaves the API alone for as long as it wishes', async () => {
  const tenant = await tenantOver('graph');
  apis.refusals.push({ status: 429, headers: { 'retry-after': '120' } });
  await room.enqueue(tenant, {});
  await expect.poll(async () => (await room.deliveries(tenant))[0]?.failure?.code).toBe('throttled');
  const [row] = await room.deliveries(tenant);
  expect(row?.wait_ms).toBeGreaterThan(100_000);
});

it('lets mails wait without a token, and sends them when a person has signed in', async () => {
  tokens = new TestTokens();
  const tenant = await tenantOver('graph');
  await room.enqueue(tenant, {}, {});
  await expect
    .poll(async () => (await room.deliveries(tenant)).some(({ failure }) => failure?.code === 'no-access-token'))
    .toBe(true);
  tokens = new TestTokens('good');
  await db.query('UPDATE oauth_grant SET obtained_at = now(), revision = revision + 1 WHERE tenant_id = $1', [tenant]);
  room.sender.wake();
  const rows = await room.until(tenant, 'accepted');
  expect(rows).toHaveLength(2);
});
