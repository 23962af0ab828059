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
