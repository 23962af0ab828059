import { expect, it, vi } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { startSmtp, type TestSmtp } from '../smtp-servers.testing.js';
import { failing, SenderSpec } from './sender.testing.js';

const spec = new SenderSpec();
const { kept } = spec;
const NOWHERE = 1;

/** A default server and a fallback server of the system, in a database without others. */
async function systemServers(defaultPort: number, fallbackPort: number | null): Promise<string> {
  await spec.db.query('DELETE FROM mail_server');
  const id = await spec.room.server(SYSTEM_TENANT_ID, defaultPort, { from: 'default@example.org' }, 'Default');
  if (fallbackPort === null) return id;
  const fallback = await spec.room.server(
    SYSTEM_TENANT_ID,
    fallbackPort,
    { from: 'fallback@example.org' },
    'Fallback',
    false,
  );
  await spec.db.query('UPDATE mail_server SET is_fallback = true WHERE id = $1', [fallback]);
  return id;
}

const sendTo = async (tenantId: string, address = 'ada@example.org'): Promise<string> =>
  spec.db.transaction((uow) =>
    spec.room.systemMails.enqueue(uow, {
      ...{ tenantId, template: 'test', to: { address, language: 'en' } },
      variables: { at: 0, sentBy: 'Ada' },
    }),
  );

const senders = ({ received }: TestSmtp) => received.map(({ sender }) => sender);

it('sends over the fallback server when the default one refuses for good', async () => {
  const [broken, fallback] = [await kept(startSmtp(failing(550))), await kept(startSmtp())];
  await systemServers(broken.port, fallback.port);
  const tenant = await spec.room.tenant();
  await sendTo(tenant);
  expect(await spec.room.until(tenant, 'accepted')).toMatchObject([{ attempts: 2 }]);
  expect(senders(fallback)).toEqual(['fallback@example.org']);
});

it('sends over the fallback server at once while the default one cannot be reached', async () => {
  const fallback = await kept(startSmtp());
  await systemServers(NOWHERE, fallback.port);
  const tenant = await spec.room.tenant();
  await sendTo(tenant);
  await spec.room.until(tenant, 'accepted');
  await sendTo(tenant);
  expect(await spec.room.until(tenant, 'accepted')).toMatchObject([{ attempts: 2 }, { attempts: 1 }]);
});

it('waits where both fail, and goes over the one that heals', async () => {
  const healing = await kept(startSmtp(failing(421, 1)));
  await systemServers(healing.port, NOWHERE);
  const tenant = await spec.room.tenant();
  await sendTo(tenant);
  await spec.room.until(tenant, 'accepted');
  expect(senders(healing)).toEqual(['default@example.org']);
});

it('ends when both have refused it for good, each asked once', async () => {
  const [one, other] = [await kept(startSmtp(failing(550))), await kept(startSmtp(failing(550)))];
  await systemServers(one.port, other.port);
  const tenant = await spec.room.tenant();
  await sendTo(tenant);
  expect(await spec.room.until(tenant, 'refused')).toMatchObject([
    { attempts: 2, failure: { code: 'sender-refused' } },
  ]);
});

it('asks no second server about a recipient that there is not', async () => {
  const noSuchUser = {
    onRcptTo: (_address: unknown, _session: unknown, done: (error?: Error) => void) =>
      done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 })),
  };
  const [server, fallback] = [await kept(startSmtp(noSuchUser)), await kept(startSmtp())];
  await systemServers(server.port, fallback.port);
  const tenant = await spec.room.tenant();
  await sendTo(tenant);
  expect(await spec.room.until(tenant, 'refused')).toMatchObject([{ attempts: 1 }]);
  expect(fallback.received).toEqual([]);
});

it('asks a second server where the first one does not relay', async () => {
  const noRelay = {
    onRcptTo: (_address: unknown, _session: unknown, done: (error?: Error) => void) =>
      done(Object.assign(new Error('5.7.1 relaying denied'), { responseCode: 550 })),
  };
  const [server, fallback] = [await kept(startSmtp(noRelay)), await kept(startSmtp())];
  await systemServers(server.port, fallback.port);
  const tenant = await spec.room.tenant();
  await sendTo(tenant);
  expect(await spec.room.until(tenant, 'accepted')).toMatchObject([{ attempts: 2, refused: [] }]);
});

it('takes mails along that wait for a server which is switched off', async () => {
  const fallback = await kept(startSmtp());
  const id = await systemServers(NOWHERE, fallback.port);
  await spec.room.sender.stop(0);
  const tenant = await spec.room.tenant();
  await sendTo(tenant);
  await spec.db.query('UPDATE mail_server SET active = false WHERE id = $1', [id]);
  await spec.room.sender.start();
  expect(await spec.room.until(tenant, 'accepted')).toMatchObject([{ attempts: 1 }]);
});

it('leaves the mails of rule chains where they are', async () => {
  const fallback = await kept(startSmtp());
  await systemServers(NOWHERE, fallback.port);
  const tenant = await spec.room.tenant({ mayUseSystemMail: true });
  await spec.room.enqueue(tenant, { server: { use: 'system' } });
  await vi.waitFor(async () =>
    expect(await spec.room.deliveries(tenant)).toMatchObject([{ attempts: 1, state: 'waiting' }]),
  );
  expect(fallback.received).toEqual([]);
});
