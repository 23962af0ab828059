import { expect, it } from 'vitest';

import { startSmtp } from '../smtp-servers.testing.js';
import { failing, SenderSpec } from './sender.testing.js';

const spec = new SenderSpec();
const { kept, tenantOn } = spec;

it('copies mails of rule chains to the addresses of the server, once, unseen', async () => {
  const server = await kept(startSmtp());
  const tenant = await tenantOn(server.port, { bcc: ['Archive <archive@example.org>', 'to@example.org'] });
  await spec.room.enqueue(tenant, {});
  const [row] = await spec.room.until(tenant, 'accepted');
  expect(server.received).toMatchObject([{ recipients: ['to@example.org', 'archive@example.org'] }]);
  expect(server.received[0]?.raw).not.toContain('archive@');
  expect(row?.recipients).toEqual(['to@example.org']);
});

it('copies at the second attempt, too, when the first came to nothing', async () => {
  const server = await kept(startSmtp(failing(451, 1)));
  const tenant = await tenantOn(server.port, { bcc: ['archive@example.org'] });
  await spec.room.enqueue(tenant, {});
  await expect.poll(async () => (await spec.room.deliveries(tenant))[0]?.attempts).toBe(1);
  await spec.makeDue(tenant);
  await spec.room.until(tenant, 'accepted');
  expect(server.received).toMatchObject([{ recipients: ['to@example.org', 'archive@example.org'] }]);
});

it('does not call a mail refused because the copy was', async () => {
  const server = await kept(
    startSmtp({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('archive') ? Object.assign(new Error('no'), { responseCode: 550 }) : undefined),
    }),
  );
  const tenant = await tenantOn(server.port, { bcc: ['archive@example.org'] });
  await spec.room.enqueue(tenant, {});
  const [row] = await spec.room.until(tenant, 'accepted');
  expect(row?.refused).toMatchObject([{ address: 'archive@example.org' }]);
});

it('names the Return-Path as the sender of the envelope', async () => {
  const server = await kept(startSmtp());
  const tenant = await tenantOn(server.port, { returnPath: 'bounces@example.org' });
  await spec.room.enqueue(tenant, {});
  await spec.room.until(tenant, 'accepted');
  expect(server.received).toMatchObject([{ sender: 'bounces@example.org' }]);
});

it('gives up after the time of the server where the node names none', async () => {
  const tenant = await tenantOn(1, { defaults: { giveUpAfterSeconds: 600 } });
  await spec.room.enqueue(tenant, {}, { giveUpAfterSeconds: 60 });
  const rows = await spec.db.query<{ seconds: number }>(
    'SELECT extract(epoch FROM give_up_at - created_at)::int AS seconds FROM delivery WHERE tenant_id = $1 ORDER BY seq',
    [tenant],
  );
  expect(rows.map(({ seconds }) => seconds)).toEqual([600, 60]);
});

it('parts more recipients than the server takes in one mail', async () => {
  const server = await kept(startSmtp());
  const tenant = await tenantOn(server.port, { recipientsPerMessage: 2 });
  const to = Array.from({ length: 5 }, (_, index) => `p${index}@example.org`);
  await spec.room.enqueue(tenant, { draft: { to: to.join(','), subject: 'Hot', body: 'b' } });
  const [row] = await spec.room.until(tenant, 'accepted');
  expect(row?.accepted).toEqual(to);
  expect(server.received.map(({ recipients }) => recipients.length)).toEqual([2, 2, 1]);
});

it('fails a mail that is larger than the server takes, without asking the server', async () => {
  const server = await kept(startSmtp());
  const tenant = await tenantOn(server.port, { maxMessageBytes: 10_000 });
  await spec.room.enqueue(tenant, { draft: { to: 'to@example.org', subject: 'Hot', body: 'x'.repeat(20_000) } });
  const [row] = await spec.room.until(tenant, 'refused');
  expect(row?.failure).toMatchObject({ code: 'message-too-big', retryable: false });
  expect(server.received).toEqual([]);
});

it('sends no more in a minute than the server takes, and goes on afterwards', async () => {
  const server = await kept(startSmtp());
  const tenant = await tenantOn(server.port, { messagesPerMinute: 240 });
  const begun = performance.now();
  await spec.room.enqueue(tenant, ...Array.from({ length: 84 }, () => ({})));
  await spec.room.until(tenant, 'accepted');
  // 80 at once, then one each 60 s / 161
  expect(performance.now() - begun).toBeGreaterThan(3 * (60_000 / 161));
  expect(server.received).toHaveLength(84);
});

it('spends one minute for all instances together', async () => {
  const server = await kept(startSmtp());
  const tenant = await tenantOn(server.port, { messagesPerMinute: 10 });
  await spec.room.enqueue(tenant, ...Array.from({ length: 5 }, () => ({})));
  await expect.poll(() => server.received.length).toBe(3);
  const [row] = await spec.db.query<{ ahead: number }>(
    'SELECT extract(epoch FROM spoken_until - now())::float8 AS ahead FROM mail_server_rate WHERE tenant_id = $1',
    [tenant],
  );
  expect(row?.ahead).toBeGreaterThan(15);
});

it('lets other servers send while one has spent its minute', async () => {
  const [slow, quick] = [await kept(startSmtp()), await kept(startSmtp())];
  const [first, second] = [await tenantOn(slow.port, { messagesPerMinute: 1 }), await tenantOn(quick.port)];
  await spec.room.enqueue(first, ...Array.from({ length: 5 }, () => ({})));
  await spec.room.enqueue(second, ...Array.from({ length: 20 }, () => ({})));
  await spec.room.until(second, 'accepted');
  expect(slow.received.length).toBeLessThanOrEqual(1);
});
