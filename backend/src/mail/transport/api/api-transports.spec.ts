import MailComposer from 'nodemailer/lib/mail-composer';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { startMailApis, type FakeMailApis, type Refusal } from '../../../../../test/fakes/mail-apis.js';
import { EgressGuard, GuardedFetch } from '../../../net/index.js';
import { testCa } from '../../smtp-servers.testing.js';
import { TestTokens } from '../tokens.testing.js';
import type { MailTransport } from '../mail-transport.js';
import { GmailTransport } from './gmail-transport.js';
import { GraphTransport } from './graph-transport.js';

const http = new GuardedFetch(new EgressGuard(['localhost']), { ca: [testCa] });
let apis: FakeMailApis & { readonly drafts?: number };
let tokens: TestTokens;
beforeAll(async () => void (apis = await startMailApis()));
afterAll(() => apis.close());
beforeEach(() => {
  tokens = new TestTokens('good');
  apis.accountOf = (token) => (token === 'good' ? 'box@example.org' : undefined);
});
afterEach(() => {
  (apis.mails as unknown[]).length = 0; // each test looks at its own
  (apis.requests as unknown[]).length = 0; // as above
});

const access = () => ({ url: apis.url, http, options: {}, tokens });
const graph = (mailbox: string | null = null): MailTransport => new GraphTransport(access(), mailbox);
const gmail = (): MailTransport => new GmailTransport(access());
const BOTH = [
  ['Graph', graph],
  ['Gmail', gmail],
] as const;

async function mail(more: object = {}, recipients = ['to@example.org', 'cc@example.org', 'hidden@example.org']) {
  const composer = new MailComposer({
    from: { name: 'Plant', address: 'box@example.org' },
    to: { name: 'Müller', address: 'to@example.org' },
    cc: 'cc@example.org',
    subject: 'Größe',
    text: 'It is hot.',
    messageId: '<1@test>',
    ...more,
  });
  return { sender: 'box@example.org', recipients, messageId: '<1@test>', raw: await composer.compile().build() };
}
const big = (bytes: number) => ({ filename: 'log.bin', content: Buffer.alloc(bytes, 'x') });

it.each(BOTH)('sends the composed bytes over %s, the hidden recipients in Bcc', async (_api, transport) => {
  const sent = await mail();
  expect(await transport().send(sent)).toMatchObject({ ok: true, accepted: sent.recipients, refused: [] });
  const [{ raw } = { raw: '' }] = apis.mails;
  expect(raw?.replace('Bcc: hidden@example.org\r\n', '')).toBe(sent.raw.toString());
  expect(raw).toContain('\r\nBcc: hidden@example.org\r\n');
});

it.each(BOTH)('asks over %s only those again who do not have the mail yet', async (_api, transport) => {
  await transport().send(await mail({}, ['cc@example.org']));
  expect(apis.mails[0]?.raw).not.toMatch(/^(To|Bcc):/m);
  expect(apis.mails[0]?.raw).toMatch(/^Cc: cc@example.org/m);
});

it('sends as the mailbox that the token is of, or as the one that an application names', async () => {
  await graph().send(await mail());
  await graph('plant 3@example.org').send(await mail());
  expect(apis.requests).toEqual(['POST /v1.0/me/sendMail', 'POST /v1.0/users/plant%203%40example.org/sendMail']);
});

it('makes a draft of a mail beyond 3 MB, with small and large attachments, and sends it', async () => {
  const more = {
    html: '<b>hot</b> <img src="cid:pic">',
    replyTo: 'answers@example.org',
    headers: { 'X-Plant': '3' },
    attachments: [
      big(7_000_000),
      { cid: 'pic', filename: 'pic.png', content: Buffer.from('png'), contentDisposition: 'inline' },
    ],
  };
  expect(await graph().send(await mail(more))).toMatchObject({ ok: true });
  const [sent] = apis.mails;
  expect(sent?.message).toMatchObject({
    subject: 'Größe',
    body: { contentType: 'html', content: expect.stringContaining('cid:pic') },
    toRecipients: [{ emailAddress: { name: 'Müller', address: 'to@example.org' } }],
    ccRecipients: [{ emailAddress: { address: 'cc@example.org' } }],
    bccRecipients: [{ emailAddress: { address: 'hidden@example.org' } }],
    replyTo: [{ emailAddress: { address: 'answers@example.org' } }],
    internetMessageId: '<1@test>',
    internetMessageHeaders: [{ name: 'x-plant', value: '3' }],
  });
  expect(Object.fromEntries(sent?.message?.attachments.map(({ name, bytes }) => [name, bytes.length]) ?? [])).toEqual({
    'pic.png': 3,
    'log.bin': 7_000_000,
  });
});

it('takes the draft away when an attachment is refused', async () => {
  apis.refusals.push({
    status: 403,
    body: { error: { code: 'ErrorAccessDenied', message: 'Access is denied.' } },
    at: 'createUploadSession',
  });
  const result = await graph().send(await mail({ attachments: [big(4_000_000)] }));
  expect(result).toMatchObject({ ok: false, failure: { code: 'large-mail-forbidden', retryable: false } });
  expect(apis.requests.at(-1)).toMatch(/^DELETE .*draft-/);
  expect(apis.drafts).toBe(0);
});

it('uploads a large mail to Gmail part by part', async () => {
  const sent = await mail({ attachments: [big(9_000_000)] });
  expect(await gmail().send(sent)).toMatchObject({ ok: true });
  expect(apis.requests.filter((line) => line.startsWith('PUT')).length).toBeGreaterThan(1);
  expect(apis.mails[0]?.raw?.length).toBe(sent.raw.length + 'Bcc: hidden@example.org\r\n'.length);
});

it.each(BOTH)('takes one fresh token over %s when the old one is refused', async (_api, transport) => {
  tokens = new TestTokens('stale', 'good');
  expect(await transport().send(await mail())).toMatchObject({ ok: true });
  expect(tokens.forced).toBe(1);
});

it.each(BOTH)(
  'marks the grant when %s refuses the fresh token, too, and lets the mail wait',
  async (_api, transport) => {
    tokens = new TestTokens('stale', 'stale-2');
    const result = await transport().send(await mail());
    expect(result).toMatchObject({ ok: false, failure: { code: 'token-refused', retryable: true } });
    expect(tokens.forced).toBe(1);
    expect(tokens.refusals).toEqual([[2, expect.stringContaining('InvalidAuthenticationToken')]]);
  },
);

it.each(BOTH)('waits over %s without a token, and says whose word it is', async (_api, transport) => {
  tokens = new TestTokens();
  const result = await transport().send(await mail());
  expect(result).toMatchObject({
    failure: { code: 'no-access-token', message: expect.stringContaining('Sign in again') },
  });
  expect(apis.requests).toEqual([]);
});

const microsoft = (status: number, code: string, message = 'no'): Refusal => ({
  status,
  body: { error: { code, message } },
});
const refused: readonly (readonly [string, () => MailTransport, Refusal, string, boolean])[] = [
  ['Graph: no right to send as', graph, microsoft(403, 'ErrorSendAsDenied'), 'sender-refused', false],
  ['Graph: no permission', graph, microsoft(403, 'ErrorAccessDenied'), 'api-forbidden', true],
  ['Graph: no mailbox', graph, microsoft(404, 'MailboxNotEnabledForRESTAPI'), 'mailbox-unknown', false],
  ['Graph: a recipient', graph, microsoft(400, 'ErrorInvalidRecipients'), 'recipient-refused', false],
  ['Graph: too many', graph, microsoft(429, 'ApplicationThrottled'), 'throttled', true],
  ['Graph: the day is over', graph, microsoft(403, 'ErrorExceededMessageLimit'), 'sending-limit', true],
  ['Graph: a fault', graph, microsoft(503, 'serviceNotAvailable'), 'api-fault', true],
  ['Graph: bad MIME', graph, microsoft(400, 'ErrorMimeContentInvalidBase64String'), 'message-refused', false],
  [
    'Gmail: too many',
    gmail,
    { status: 403, body: { error: { code: 403, errors: [{ reason: 'userRateLimitExceeded' }] } } },
    'throttled',
    true,
  ],
  [
    'Gmail: the day is over',
    gmail,
    { status: 429, body: { error: { code: 429, message: 'User daily sending limit', status: 'RESOURCE_EXHAUSTED' } } },
    'sending-limit',
    true,
  ],
  [
    'Gmail: no scope',
    gmail,
    { status: 403, body: { error: { code: 403, errors: [{ reason: 'insufficientPermissions' }] } } },
    'api-forbidden',
    true,
  ],
  ['Gmail: too large', gmail, { status: 413 }, 'message-too-big', false],
];
it.each(refused)('tells what %s means', async (_what, transport, refusal, code, retryable) => {
  apis.refusals.push(refusal);
  expect(await transport().send(await mail())).toMatchObject({ ok: false, failure: { code, retryable } });
});

it('knows how long the server wants to be left alone', async () => {
  apis.refusals.push({ status: 429, headers: { 'retry-after': '17' } });
  expect(await graph().send(await mail())).toMatchObject({ failure: { code: 'throttled' }, retryAfterMs: 17_000 });
});

it.each(BOTH)('never shows the token over %s, whatever the server says', async (_api, transport) => {
  apis.refusals.push({ status: 400, body: { error: { code: 'x', message: 'you sent Bearer good-and-secret-token' } } });
  tokens = new TestTokens('good-and-secret-token');
  expect(JSON.stringify(await transport().send(await mail()))).not.toContain('good-and-secret');
});

it('is not led elsewhere with the token, and says when nobody answers', async () => {
  const nobody = new GraphTransport({ ...access(), url: 'https://localhost:1' }, null);
  expect(await nobody.send(await mail())).toMatchObject({ failure: { code: 'connection-refused', retryable: true } });
  const closed = new GuardedFetch(new EgressGuard([]), { ca: [testCa] });
  const inside = new GraphTransport({ ...access(), http: closed }, null);
  expect(await inside.send(await mail())).toMatchObject({ failure: { code: 'egress-refused' } });
});
