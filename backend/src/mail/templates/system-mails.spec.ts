import { simpleParser } from 'mailparser';
import { expect, it, vi } from 'vitest';

import { SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../../access/index.js';
import { PUBLIC_URL } from '../outbox/mail-room.testing.js';
import { SenderSpec } from '../outbox/sender.testing.js';
import { startSmtp } from '../smtp-servers.testing.js';
import type { NewSystemMail } from './system-mails.js';

const spec = new SenderSpec();
const { kept } = spec;

const SECRET = `${PUBLIC_URL}/activate#tell-nobody`;
const systemServer = (port: number) => spec.room.server(SYSTEM_TENANT_ID, port, { from: 'system@example.org' });

function activation(tenantId: string, change: Partial<NewSystemMail<'activation'>> = {}): Promise<string> {
  return spec.db.transaction((uow) =>
    spec.room.systemMails.enqueue(uow, {
      tenantId,
      template: 'activation',
      to: { address: 'ada@example.org', name: 'Ada', language: 'de' },
      variables: { link: SECRET, expiresAt: Date.UTC(2026, 10, 22), tenantName: 'Plant' },
      ...change,
    }),
  );
}

const stored = async (tenantId: string) =>
  (await spec.db.query('SELECT * FROM delivery WHERE tenant_id = $1', [tenantId])).map(
    (row) => row as Record<string, unknown>,
  );

it("goes over the system's server, in the person's language, as HTML and text", async () => {
  const smtp = await kept(startSmtp());
  await systemServer(smtp.port);
  const tenant = await spec.room.tenant();
  const id = await activation(tenant);
  await spec.room.until(tenant, 'accepted');
  const mail = await simpleParser(smtp.received[0]!.raw);
  expect(mail).toMatchObject({ subject: 'Aktivieren Sie Ihr Konto bei Signalpost' });
  expect(mail.from?.text).toBe('system@example.org');
  expect(mail.html).toContain(SECRET);
  expect(mail.text).toContain(SECRET);
  expect(await spec.room.systemMails.state(spec.db, tenant, id)).toMatchObject({ state: 'accepted', failure: null });
  expect((await spec.room.systemMails.state(spec.db, tenant, id))?.reply).toMatch(/^250/);
});

it('is kept sealed while it waits, and is gone once it is settled', async () => {
  const smtp = await kept(startSmtp());
  await systemServer(smtp.port);
  await spec.room.sender.stop(0);
  const tenant = await spec.room.tenant();
  await activation(tenant);
  const [waiting] = await stored(tenant);
  expect(waiting).toMatchObject({
    template: 'activation',
    language: 'de',
    state: 'waiting',
    subject: '',
    draft: null,
    raw: null,
  });
  expect(JSON.stringify(waiting)).not.toContain('tell-nobody');
  await spec.room.sender.start();
  await spec.room.until(tenant, 'accepted');
  expect(await stored(tenant)).toMatchObject([{ template: 'activation', variables: null, raw: null, draft: null }]);
});

it('keeps its bytes sealed between attempts, so that every attempt sends the same', async () => {
  let refused = false;
  const smtp = await kept(
    startSmtp({
      onMailFrom: (_address, _session, done) => {
        done(refused ? undefined : Object.assign(new Error('later'), { responseCode: 451 }));
        refused = true;
      },
    }),
  );
  await systemServer(smtp.port);
  const tenant = await spec.room.tenant();
  await activation(tenant);
  const [row] = await vi.waitFor(async () => {
    const rows = await stored(tenant);
    expect(rows).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    return rows;
  });
  expect((row!['raw'] as Buffer).toString()).toMatch(/^s1:/);
  await spec.makeDue(tenant);
  await spec.room.until(tenant, 'accepted');
  expect((await simpleParser(smtp.received[0]!.raw)).text).toContain(SECRET);
});

it.each(['cancelled', 'expired'] as const)('says nothing any more when it is %s', async (state) => {
  await systemServer(1);
  await spec.room.sender.stop(0);
  const tenant = await spec.room.tenant();
  const id = await activation(tenant, state === 'expired' ? { expiresAt: Date.now() - 1_000 } : {});
  if (state === 'cancelled') await spec.room.mailLog.cancel(tenant, id, SYSTEM_ACTOR);
  else await spec.room.sweep.run([]);
  expect(await stored(tenant)).toMatchObject([{ state, variables: null, raw: null }]);
  expect(await spec.room.mailLog.retry(tenant, id, SYSTEM_ACTOR)).toBe(false);
});

it('tells at once that the system has no mail server', async () => {
  await spec.db.query('DELETE FROM mail_server WHERE tenant_id = $1', [SYSTEM_TENANT_ID]);
  const tenant = await spec.room.tenant();
  const id = await activation(tenant);
  expect(await spec.room.systemMails.state(spec.db, tenant, id)).toMatchObject({
    state: 'refused',
    failure: { code: 'no-system-mail-server' },
  });
});

it('refuses a link that leads anywhere but to this product', async () => {
  const tenant = await spec.room.tenant();
  const variables = { link: 'https://evil.example/activate#x', expiresAt: 0 };
  await expect(activation(tenant, { variables })).rejects.toThrow(`must begin with ${PUBLIC_URL}/`);
});

it("shows a tenant's mail log the recipient and the reply, and no word of the mail", async () => {
  const smtp = await kept(startSmtp());
  await systemServer(smtp.port);
  const tenant = await spec.room.tenant();
  const id = await activation(tenant);
  await spec.room.until(tenant, 'accepted');
  const entry = await spec.room.mailLog.read(tenant, id);
  expect(entry).toMatchObject({
    recipients: ['ada@example.org'],
    subject: '',
    template: 'activation',
    server: { scope: 'system', name: null },
  });
  expect(JSON.stringify(entry)).not.toMatch(/tell-nobody|Aktivieren/);
});

it("stands in the log of the person's tenant and in the system's, where its administrators may stop it", async () => {
  const smtp = await kept(startSmtp());
  await systemServer(smtp.port);
  await spec.room.sender.stop(0);
  const [tenant, other] = [await spec.room.tenant(), await spec.room.tenant()];
  const id = await activation(tenant);
  const log = spec.room.mailLog;
  expect(await log.read(tenant, id)).toMatchObject({ template: 'activation', tenant: null });
  expect(await log.read(SYSTEM_TENANT_ID, id)).toMatchObject({ template: 'activation', tenant: { id: tenant } });
  expect((await log.list(SYSTEM_TENANT_ID, { limit: 50 })).items.map((mail) => mail.id)).toContain(id);
  expect(await log.read(other, id)).toBeNull();
  expect(await log.cancel(other, id, SYSTEM_ACTOR)).toBe(false);
  expect(await log.cancel(SYSTEM_TENANT_ID, id, SYSTEM_ACTOR)).toBe(true);
  expect(await log.read(tenant, id)).toMatchObject({ state: 'cancelled' });
});
