import { outboundSettingsSchema } from '@signalpost/contracts';
import type { EmailDraft } from '@signalpost/rule-nodes/runtime';
import { simpleParser } from 'mailparser';
import { expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { MailRoute } from '../servers/mail-route.js';
import { composeMail } from './compose.js';
import { htmlToText } from './html-to-text.js';

const TENANT = '11111111-1111-4111-8111-111111111111';
const ID = '0198f000-0000-7000-8000-000000000001';
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const route = (settings: Record<string, unknown> = {}, tenantId = TENANT): MailRoute => ({
  server: { tenantId, id: ID },
  revision: 1,
  sandbox: false,
  dialAllowed: [],
  connector: { kind: 'direct' },
  token: null,
  settings: outboundSettingsSchema.parse({
    provider: 'custom',
    from: 'Plant <plant@example.org>',
    host: 'h',
    ...settings,
  }),
});
async function compose(draft: EmailDraft, over = route()): Promise<string> {
  const raw = await composeMail(
    { tenantId: TENANT, deliveryId: ID, draft, date: Date.UTC(2026, 0, 2, 3, 4, 5) },
    over,
    'https://signal.example.org:8443',
  );
  if (!Buffer.isBuffer(raw)) throw new Error(raw.message);
  return raw.toString('utf8');
}
const header = (raw: string, name: string): string[] =>
  [...raw.split('\r\n\r\n')[0]!.matchAll(new RegExp(`^${name}: (.*)$`, 'gim'))].map((found) => found[1]!.trim());

it('writes each header once, with an id that follows from the delivery', async () => {
  const raw = await compose({
    to: 'a@x.org',
    cc: '"B, b" <b@x.org>',
    bcc: 'hidden@x.org',
    subject: 'Übertemperatur 90 °C',
    body: 'Heiß',
  });
  expect(header(raw, 'From')).toEqual(['Plant <plant@example.org>']);
  expect(header(raw, 'Message-ID')).toEqual([`<${ID}@signal.example.org>`]);
  expect(header(raw, 'Date')).toEqual(['Fri, 02 Jan 2026 03:04:05 +0000']);
  expect(header(raw, 'Auto-Submitted')).toEqual(['auto-generated']);
  expect(header(raw, 'X-Auto-Response-Suppress')).toEqual(['All']);
  for (const once of ['To', 'Cc', 'Subject', 'MIME-Version', 'Content-Type']) expect(header(raw, once)).toHaveLength(1);
  expect(raw).not.toContain('hidden@x.org');
  expect(await simpleParser(raw)).toMatchObject({ subject: 'Übertemperatur 90 °C', text: 'Heiß\n' });
});

it('keeps a line break of a device out of the headers', async () => {
  const raw = await compose({ to: 'a@x.org', subject: 'hot\r\nBcc: evil@z.org\u2028x', body: 'b' });
  expect(header(raw, 'Subject')).toEqual(['hot Bcc: evil@z.org x']);
  expect(header(raw, 'Bcc')).toEqual([]);
});

it('has no line over 998 octets and no bare line feed, whatever the body', async () => {
  const raw = await compose({ to: 'a@x.org', subject: 's'.repeat(3000), body: `${'x'.repeat(5000)}\nä\r.\n` });
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

it('gives HTML a text beside it and shows pictures by their content id', async () => {
  const draft = {
    to: 'a@x.org',
    html: true,
    body: '<p>Hot &amp; <b>bad</b></p><img src="cid:chart@x">',
    images: { 'chart@x': PNG, logo: `data:image/png;base64,${PNG}` },
  };
  const mail = await simpleParser(await compose(draft));
  expect(mail.text?.trim()).toBe('Hot & bad');
  expect(mail.html).toContain('data:image/png;base64,');
  expect(
    mail.attachments.map(({ contentId, contentType, contentDisposition }) => [
      contentId,
      contentType,
      contentDisposition,
    ]),
  ).toEqual([
    ['<chart@x>', 'image/png', 'inline'],
    ['<logo>', 'image/png', 'inline'],
  ]);
});

it.each([
  ['an own From', { from: 'Me <me@tenant.org>' }, route(), ['Me <me@tenant.org>'], []],
  ['a blank From', { from: '  ' }, route(), ['Plant <plant@example.org>'], []],
  [
    'a reply address of the server',
    {},
    route({ replyTo: 'desk@example.org' }),
    ['Plant <plant@example.org>'],
    ['desk@example.org'],
  ],
  [
    "the system's server: the tenant cannot speak as somebody else",
    { from: 'ceo@bank.org' },
    route({}, SYSTEM_TENANT_ID),
    ['Plant <plant@example.org>'],
    ['ceo@bank.org'],
  ],
])('is from whom it should be, with %s', async (_what, draft, over, from, replyTo) => {
  const raw = await compose({ to: 'a@x.org', subject: 's', body: 'b', ...draft }, over);
  expect(header(raw, 'From')).toEqual(from);
  expect(header(raw, 'Reply-To')).toEqual(replyTo);
});

it('reads nothing from disk or network, whatever a draft names', async () => {
  const raw = await compose({
    to: 'a@x.org',
    html: true,
    subject: 's',
    body: '<img src="file:///etc/passwd"><img src="http://127.0.0.1/x">',
    images: {},
  });
  expect(raw).toContain('file:///etc/passwd');
  expect(
    await composeMail(
      { tenantId: TENANT, deliveryId: ID, date: 0, draft: { to: 'a@x.org', images: { x: '/etc/passwd' } } },
      route(),
      'http://l',
    ),
  ).toEqual(expect.any(Buffer));
  expect(
    await composeMail(
      { tenantId: TENANT, deliveryId: ID, date: 0, draft: { to: 'a@x.org', images: { x: 'file:///etc/passwd' } } },
      route(),
      'http://l',
    ),
  ).toMatchObject({ code: 'image-invalid' });
});

it.each([
  ['<p>one</p><p>two</p>', 'one\n\ntwo'],
  ['a<br>b &lt;c&gt; &#176;&#x20ac;&bogus;', 'a\nb <c> °€&bogus;'],
  ['<style>p{}</style><script>x</script>shown<!-- not -->', 'shown'],
  [
    '<a href="https://x.org/a?b=1&amp;c=2">open</a> <a href="https://x.org">https://x.org</a> <a href="javascript:x">js</a>',
    'open (https://x.org/a?b=1&c=2) https://x.org js',
  ],
  ['<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
  ['5 < 6 and <unclosed', '5 < 6 and <unclosed'],
])('reads %s as text', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

it('reads HTML made to be slow in one pass', () => {
  for (const evil of ['<style>', '<a href="https://x', '<!--', '<', '&#', '<a href=']) htmlToText(evil.repeat(50_000));
});
