import { expect, it } from 'vitest';

import type { MailRoute } from '../servers/mail-route.js';
import type { ClaimedMail } from './delivery-rows.js';
import { type Sent, ServerLane } from './server-lane.js';

it('ends every mail, also where a transport throws', async () => {
  const ended = Promise.withResolvers<Sent>();
  const lane = new ServerLane({ tenantId: 't', id: 's' }, ended.resolve);
  const transport = { send: () => Promise.reject(new Error('The database is gone')), close: () => Promise.resolve() };
  const route = { settings: { maxConnections: 1 } } as MailRoute; // what a lane reads of it
  const line = { route, transport, version: { revision: 1, grantRevision: null, consentedAt: null }, active: 0 };
  const mail = { priority: 1 } as ClaimedMail; // what a lane reads of it
  lane.use(line);
  lane.add([{ mail, sender: 'a@x.org', recipients: ['b@x.org'], messageId: '<1@x.org>', raw: Buffer.from('') }]);
  expect((await ended.promise).result).toMatchObject({ ok: false, failure: { code: 'outcome-unknown' } });
  expect(line.active).toBe(0);
});

it('wants what came while mails were loaded as soon as they are, though more than half of its bound is under way', async () => {
  const lane = new ServerLane({ tenantId: 't', id: 's' }, () => undefined);
  const version = { revision: 1, grantRevision: null, consentedAt: null };
  const transport = { send: () => Promise.reject(new Error('nothing is sent')), close: () => Promise.resolve() };
  const route = { settings: { maxConnections: 10 } } as MailRoute; // what a lane reads of it
  lane.use({ route, transport, version, active: 0 });
  const group = { server: lane.server, priority: 1, tenantId: 't', version, active: true, messagesPerMinute: null };
  const wants = () => lane.wants([{ ...group, dueInMs: 0 }], false).map(({ take }) => take);
  const work = Promise.withResolvers<null>();
  const loaded = lane.load(30, async () => {
    await work.promise;
  });
  expect([wants(), lane.wantsMore]).toEqual([[], false]);
  work.resolve(null);
  await loaded;
  expect(lane.wantsMore).toBe(true);
  expect([wants(), lane.wantsMore]).toEqual([[10], false]);
});
