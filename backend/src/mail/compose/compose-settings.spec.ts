import { createHash, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { simpleParser } from 'mailparser';
import { expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { routeTo } from '../transport/transports.testing.js';
import { composeMail, copiesOf, envelopeSender, type MailToCompose } from './compose.js';

const TENANT = '11111111-1111-4111-8111-111111111111';
const mail = (draft: object = {}, more: object = {}): MailToCompose => ({
  tenantId: TENANT,
  deliveryId: '0198f000-0000-7000-8000-000000000001',
  draft: { to: 'to@x.org', subject: 'Hot', body: 'It is hot.', ...draft },
  date: Date.UTC(2026, 0, 2, 3, 4, 5),
  ...more,
});
const over = (settings: object = {}, tenantId = TENANT) => ({
  ...routeTo(25, { from: 'Plant <plant@x.org>', ...settings }),
  server: { tenantId, id: 's' },
});

async function compose(settings: object = {}, draft: object = {}, more: object = {}): Promise<string> {
  const raw = await composeMail(mail(draft, more), over(settings), 'https://signal.example.org');
  if (!Buffer.isBuffer(raw)) throw new Error(raw.message);
  return raw.toString('latin1');
}
const headerOf = (raw: string, name: string): string | undefined =>
  new RegExp(`^${name}: ((?:.*\r\n[ \t])*.*)\r\n`, 'im').exec(`${raw.split('\r\n\r\n')[0] ?? ''}\r\n`)?.[1];

it('makes the same bytes of the same mail, parts and signature with them', async () => {
  const dkim = { domain: 'x.org', selector: 's1', privateKey: RSA.pem };
  const draft = { html: true, body: '<b>hot</b><img src="cid:a">', images: { a: PNG } };
  const [one, other] = [await compose({ dkim }, draft), await compose({ dkim }, draft)];
  expect(one).toBe(other);
  expect(one).toContain('Content-Type: multipart/');
});

it('lets a node say who the mail is from, unless the server forces its own values', async () => {
  const draft = { from: 'Line 4 <line4@x.org>' };
  expect(headerOf(await compose({}, draft), 'From')).toBe('Line 4 <line4@x.org>');
  expect(headerOf(await compose({ force: true }, draft), 'From')).toBe('Plant <plant@x.org>');
});

it('answers to whom the server says; over the system server a forced one lets nothing of a tenant through', async () => {
  expect(headerOf(await compose({ replyTo: 'answers@x.org' }), 'Reply-To')).toBe('answers@x.org');
  const system = (settings: object) => over(settings, SYSTEM_TENANT_ID);
  const tenants = mail({ from: 'me@tenant.org' });
  const replyTo = async (settings: object) => {
    const raw = await composeMail(tenants, system(settings), 'https://s.org');
    return Buffer.isBuffer(raw) ? headerOf(raw.toString(), 'Reply-To') : raw.code;
  };
  expect(await replyTo({})).toBe('me@tenant.org');
  expect(await replyTo({ force: true })).toBeUndefined();
});

it('lets bounces go to the Return-Path, else to the sender', () => {
  const { draft } = mail({ from: 'line4@x.org' });
  expect(envelopeSender(TENANT, draft, over())).toMatchObject({ address: 'line4@x.org' });
  expect(envelopeSender(TENANT, draft, over({ returnPath: 'bounces@x.org' }))).toMatchObject({
    address: 'bounces@x.org',
  });
});

it('asks for a read confirmation only where that is wished, to one address', async () => {
  const asked = async (readConfirmation: object) =>
    headerOf(await compose({ readConfirmation }), 'Disposition-Notification-To');
  expect(await asked({})).toBeUndefined();
  expect(await asked({ requested: true })).toBe('plant@x.org');
  expect(await asked({ requested: true, address: 'Reads <reads@x.org>' })).toBe('reads@x.org');
});

it('gives mails the priority and the language of the server, and a mail its own language', async () => {
  const raw = await compose({ defaults: { priority: 'high', language: 'de-AT' } });
  expect([headerOf(raw, 'X-Priority'), headerOf(raw, 'Importance'), headerOf(raw, 'Content-Language')]).toEqual([
    '1 (Highest)',
    'High',
    'de-AT',
  ]);
  const own = await compose({ defaults: { language: 'de' } }, {}, { language: 'en' });
  expect(headerOf(own, 'Content-Language')).toBe('en');
});

it('puts the footer below text and HTML, as text', async () => {
  const footer = 'ACME <plant>\nCall 112';
  expect((await simpleParser(await compose({ footer }))).text).toBe('It is hot.\n\n-- \nACME <plant>\nCall 112\n');
  const { html, text } = await simpleParser(
    await compose({ footer }, { html: true, body: '<html><body><p>hot</p></body></html>' }),
  );
  expect(html).toMatch(/<p>hot<\/p><div[^>]*>ACME &lt;plant&gt;<br>Call 112<\/div><\/body><\/html>/);
  expect(text).toMatch(/hot\s+-- \nACME <plant>\nCall 112/);
});

it('names who gets copies by the settings, and never in a header', async () => {
  const bcc = ['Archive <archive@x.org>', 'audit@x.org'];
  expect(copiesOf(over({ bcc }))).toEqual(['archive@x.org', 'audit@x.org']);
  expect(await compose({ bcc })).not.toContain('archive@x.org');
});

it('signs with DKIM so that an independent reader is content', async () => {
  const dkim = { domain: 'x.org', selector: 's1', privateKey: RSA.pem };
  const raw = await compose({ dkim, footer: 'Größe' }, { subject: 'Größe', body: 'Heiß \r\n\r\n  so \r\n\r\n' });
  const tags = tagsOf(headerOf(raw, 'DKIM-Signature') ?? '');
  expect(tags).toMatchObject({ d: 'x.org', s: 's1', a: 'rsa-sha256', c: 'relaxed/relaxed' });
  expect(tags['h']?.toLowerCase().split(':')).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date']));
  expect(verified(raw, RSA.publicKey)).toBe(true);
  expect(verified(raw.replace('Subject: ', 'Subject: x'), RSA.publicKey)).toBe(false);
});

it('sends nothing unsigned where a signature is wanted and the key is none', async () => {
  const dkim = { domain: 'x.org', selector: 's1', privateKey: 'not a key' };
  const made = await composeMail(mail(), over({ dkim }), 'https://s.org');
  expect(made).toMatchObject({ code: 'signature-impossible', retryable: false });
});

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const RSA = (() => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), publicKey };
})();

const tagsOf = (value: string): Record<string, string> =>
  Object.fromEntries(
    value.split(';').flatMap((tag) => {
      const [name = '', ...rest] = tag.split('=');
      return rest.length === 0 ? [] : [[name.trim(), rest.join('=').replace(/\s/g, '')]];
    }),
  );

/** RFC 6376 §3.4.2, §3.4.4 and §3.7, written for this spec alone. */
function verified(raw: string, publicKey: KeyObject): boolean {
  const split = raw.indexOf('\r\n\r\n');
  const fields = raw.slice(0, split + 2).match(/[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*/g) ?? [];
  const relaxed = (field: string): string => {
    const [, name = '', value = ''] = /^([^:]*):([\s\S]*)$/.exec(field) ?? [];
    return `${name.toLowerCase().trim()}:${value
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim()}`;
  };
  const signature = fields.find((field) => /^dkim-signature:/i.test(field)) ?? '';
  const tags = tagsOf(signature.slice(signature.indexOf(':') + 1));
  const body = raw
    .slice(split + 4)
    .replace(/[ \t]+/g, ' ')
    .replace(/ \r\n/g, '\r\n')
    .replace(/(\r\n)*$/, '\r\n');
  const named = (tags['h'] ?? '').toLowerCase().split(':');
  const signed = named.flatMap((name) => fields.find((field) => relaxed(field).startsWith(`${name}:`)) ?? []);
  const own = relaxed(signature).replace(/b=[^;]*$/, 'b=');
  const text = `${signed.map(relaxed).join('\r\n')}\r\n${own}`;
  const right = createVerify('RSA-SHA256')
    .update(text, 'latin1')
    .verify(publicKey, tags['b'] ?? '', 'base64');
  return right && createHash('sha256').update(body, 'latin1').digest('base64') === tags['bh'];
}
