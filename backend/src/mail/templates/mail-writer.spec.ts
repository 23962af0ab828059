import { simpleParser } from 'mailparser';
import { afterAll, beforeEach, expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { ScriptPool } from '../../scripting/index.js';
import { MailRoom } from '../outbox/mail-room.testing.js';
import { SenderSpec } from '../outbox/sender.testing.js';
import { startSmtp, type TestSmtp } from '../smtp-servers.testing.js';

const pool = new ScriptPool({ workers: 1 });
afterAll(() => pool.close());
const spec = new SenderSpec();
let smtp: TestSmtp;
let room: MailRoom;
let tenant: string;
beforeEach(async () => {
  await spec.room.sender.stop(0);
  room = spec.room = new MailRoom(spec.db, spec.instance, undefined, { scripts: pool });
  await room.sender.start();
  smtp = await spec.kept(startSmtp());
  await spec.db.query('DELETE FROM mail_server; DELETE FROM mail_template; DELETE FROM branding');
  await room.server(SYSTEM_TENANT_ID, smtp.port, { from: 'system@example.org' });
  tenant = await room.tenant();
});

const store = (tenantId: string, html: string, language: 'en' | 'de' = 'en') =>
  spec.db.transaction((uow) =>
    room.templates.save(
      uow,
      { tenantId, template: 'test', language },
      { subject: 'Own', html, text: null },
      0,
      'a@b.org',
    ),
  );
const send = async (language: 'en' | 'de' = 'en') => {
  await spec.db.transaction((uow) =>
    room.systemMails.enqueue(uow, {
      ...{ tenantId: tenant, template: 'test', to: { address: 'ada@example.org', language } },
      variables: { at: 0, sentBy: 'Ada' },
    }),
  );
  await room.until(tenant, 'accepted');
  return simpleParser(smtp.received.at(-1)!.raw);
};

it("sends a tenant's own words before the system's, and the system's before ours, a language at a time", async () => {
  expect((await send()).subject).toBe('Test mail of Signalpost');
  await store(SYSTEM_TENANT_ID, '<p>The system says: {{sentBy}}</p>');
  expect((await send()).text).toContain('The system says: Ada');
  await store(tenant, '<p>The plant says: {{sentBy}}</p>');
  expect((await send()).text).toContain('The plant says: Ada');
  expect((await send('de')).subject).toBe('Testmail von Signalpost');
});

it('keeps foreign pictures, scripts and covering styles out of what somebody wrote', async () => {
  await store(
    tenant,
    '<p style="position:fixed;color:red">x</p><img src="https://evil.example/a.png"><script>1</script><iframe src="//e"></iframe><a href="javascript:1">y</a>',
  );
  const { html } = await send();
  expect(html).toContain('<p style="color:red">x</p>');
  expect(html).not.toMatch(/evil|<script|<iframe|javascript|position/);
});

it('sends our own words when a stored text fails, notes why, and tells open pages once', async () => {
  await store(tenant, '{{#each @root.brand}}'.repeat(14) + '{{/each}}'.repeat(14));
  expect((await send()).subject).toBe('Test mail of Signalpost');
  expect((await send()).subject).toBe('Test mail of Signalpost');
  const [changed] = await room.templates.list(spec.db, tenant);
  expect(changed?.failure?.message).toContain('takes too long');
  const audit = await spec.db.query<{ action: string }>('SELECT action FROM audit_event WHERE tenant_id = $1', [
    tenant,
  ]);
  expect(audit).toEqual([{ action: 'mail-template.replaced-by-built-in' }]);
});

it('carries the logo along, so that it is seen without asking anybody', async () => {
  const logo = { mediaType: 'image/gif', base64: 'R0lGODlhAQABAAAAACw=', width: 40, height: 40 } as const;
  await spec.db.transaction((uow) =>
    room.brandings.save(uow, tenant, { productName: 'Acme', accent: null, header: null, logo }, 0),
  );
  const mail = await send();
  expect(mail.subject).toBe('Test mail of Acme');
  expect(mail.attachments).toMatchObject([{ contentType: 'image/gif', cid: 'logo', related: true }]);
  expect(mail.html).toContain('alt="Acme"');
});
