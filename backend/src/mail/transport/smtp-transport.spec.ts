import { Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { outboundSettingsSchema } from '@signalpost/contracts';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { EgressGuard } from '../../net/index.js';
import { MAIL_FAILURES } from '../failures.js';
import { certificateFor, scripted, startBlackHole, startRaw, startSmtp, testCa } from '../smtp-servers.testing.js';
import type { MailTransport } from './mail-transport.js';
import { SmtpTransport } from './smtp-transport.js';

const LOOPBACK = new EgressGuard(['127.0.0.0/8', '::1']);
const trusted = getCACertificates('default');
const closing: (() => Promise<void>)[] = [];

beforeAll(() => setDefaultCACertificates([...trusted, testCa]));
afterAll(() => setDefaultCACertificates(trusted));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const kept = async <T extends { close(): Promise<void> }>(started: Promise<T>): Promise<T> => {
  const server = await started;
  closing.push(() => server.close());
  return server;
};
const BASIC = { kind: 'basic', username: 'user', password: 'tell-nobody' };
function transport(port: number, settings: Record<string, unknown> = {}, egress = LOOPBACK): MailTransport {
  const given = outboundSettingsSchema.parse({
    provider: 'custom',
    from: 'a@b.org',
    host: '127.0.0.1',
    port,
    tls: 'none',
    ...settings,
  });
  const made = new SmtpTransport(
    {
      ...{ server: { tenantId: 't', id: 's' }, revision: 1, settings: given, sandbox: false, dialAllowed: [] },
      ...{ connector: { kind: 'direct' }, token: null },
    },
    egress,
  );
  closing.push(() => made.close(0));
  return made;
}
const mail = (recipients = ['to@example.org'], body = 'Hello') => ({
  sender: 'from@example.org',
  recipients,
  messageId: '<1@test>',
  raw: Buffer.from(`Message-ID: <1@test>\r\nSubject: Test\r\n\r\n${body}\r\n`),
});

it('hands the bytes over as they are, with the envelope given and lines that begin with a dot intact', async () => {
  const server = await kept(startSmtp());
  const receipt = await transport(server.port).send(mail(['a@x.org', 'b@y.org'], 'one\r\n.\r\n..two'));
  expect(receipt).toMatchObject({
    ok: true,
    accepted: ['a@x.org', 'b@y.org'],
    refused: [],
    reply: expect.stringMatching(/^250/),
  });
  expect(server.received).toEqual([
    {
      sender: 'from@example.org',
      recipients: ['a@x.org', 'b@y.org'],
      raw: mail([], 'one\r\n.\r\n..two').raw.toString(),
    },
  ]);
});

it('writes a mail and the dot that ends it at once', async () => {
  const server = await kept(scripted({}));
  const write = vi.spyOn(Socket.prototype, 'write');
  await transport(server.port).send(mail());
  const written = write.mock.calls.map(([bytes]) => String(bytes));
  write.mockRestore();
  expect(written.filter((text) => text.endsWith('.\r\n'))).toEqual([`${mail().raw.toString()}.\r\n`]);
});

it.each([10, 1_000, 16_000, 200_000])('keeps every byte of a mail of %i lines that begin with a dot', async (lines) => {
  const server = await kept(startSmtp());
  const long = mail(undefined, '..\r\n'.repeat(lines));
  expect(await transport(server.port).send(long)).toMatchObject({ ok: true });
  expect(server.received[0]?.raw === long.raw.toString()).toBe(true);
});

it('sends many mails over its few connections', async () => {
  let connections = 0;
  const server = await kept(
    startSmtp({
      onConnect: (_session, done) => {
        connections++;
        done();
      },
    }),
  );
  const many = transport(server.port, { maxConnections: 3 });
  await Promise.all(Array.from({ length: 60 }, () => many.send(mail())));
  expect(server.received).toHaveLength(60);
  expect(connections).toBe(3);
});

it('takes a new connection when the server closed the old one in between, and nobody notices', async () => {
  const server = await kept(scripted({}));
  const made = transport(server.port, { maxConnections: 1 });
  expect(await made.send(mail())).toMatchObject({ ok: true });
  for (const socket of server.sockets) socket.destroy();
  expect(await made.send(mail())).toMatchObject({ ok: true });
});

it.each(['starttls', 'implicit'])('speaks TLS mode %s and signs in', async (tls) => {
  const seen: unknown[] = [];
  const server = await kept(
    startSmtp({
      ...certificateFor('localhost'),
      secure: tls === 'implicit',
      disabledCommands: [],
      authOptional: false,
      onAuth: ({ username, password }, session, done) => {
        seen.push([username, password, session.secure]);
        done(null, { user: username });
      },
    }),
  );
  expect(await transport(server.port, { host: 'localhost', tls, auth: BASIC }).send(mail())).toMatchObject({
    ok: true,
  });
  expect(seen).toEqual([['user', 'tell-nobody', true]]);
});

it.each(['LOGIN', 'PLAIN'])('signs in with AUTH %s', async (method) => {
  const server = await kept(
    startSmtp({
      authMethods: [method],
      authOptional: false,
      onAuth: ({ password }, _session, done) => done(null, { user: password }),
    }),
  );
  expect(await transport(server.port, { auth: BASIC }).send(mail())).toMatchObject({ ok: true });
});

it.each([
  ['offers no STARTTLS', { STARTTLS: '502 5.5.1 no' }, 'starttls-missing'],
  ['refuses STARTTLS for now', { EHLO: '250-test\r\n250 STARTTLS', STARTTLS: '454 4.7.0 later' }, 'tls-failed'],
  [
    'says yes and then speaks no TLS',
    { EHLO: '250-test\r\n250 STARTTLS', STARTTLS: '220 go\r\n250-AUTH PLAIN\r\n250 x' },
    undefined,
  ],
])('writes nothing secret when the server %s', async (_what, replies, code) => {
  const server = await kept(scripted({ EHLO: '250-test\r\n250 AUTH PLAIN LOGIN', ...replies }));
  const result = await transport(server.port, { tls: 'starttls', auth: BASIC, greetingTimeout: 1000 }).send(mail());
  expect(result).toMatchObject({ ok: false, failure: { ...(code ? { code } : {}) } });
  expect(server.lines.join('\n')).not.toMatch(/AUTH|MAIL|tell-nobody|dGVsbC1ub2JvZHk/);
});

it.each([
  ['a name that the certificate does not have', certificateFor('elsewhere'), 'localhost', 'tls-certificate'],
  ['a certificate that nobody trusted signed', {}, 'localhost', 'tls-certificate'],
])('refuses %s', async (_what, certificate, host, code) => {
  for (const tls of ['implicit', 'starttls']) {
    const server = await kept(startSmtp({ ...certificate, secure: tls === 'implicit', disabledCommands: [] }));
    expect(await transport(server.port, { host, tls, auth: BASIC }).send(mail())).toMatchObject({
      failure: { code, retryable: false },
    });
  }
});

it('tells that implicit TLS was chosen for a server that begins in clear, and the reverse', async () => {
  const clear = await kept(startSmtp());
  expect(await transport(clear.port, { tls: 'implicit' }).send(mail())).toMatchObject({
    failure: { code: 'tls-mode-wrong' },
  });
  const tls = await kept(startSmtp({ ...certificateFor('localhost'), secure: true }));
  const failure = await transport(tls.port, { tls: 'starttls', greetingTimeout: 1000 }).send(mail());
  expect(failure).toMatchObject({ failure: { code: expect.stringMatching(/connection-|protocol-error/) } });
});

it('does not send without signing in when the server offers no sign-in', async () => {
  const server = await kept(scripted({}));
  expect(await transport(server.port, { auth: BASIC }).send(mail())).toMatchObject({
    failure: { code: 'auth-unavailable', retryable: false },
  });
  expect(server.lines.join('\n')).not.toContain('MAIL FROM');
});

it('keeps a password out of its answer, even when the server repeats it', async () => {
  const echo = `535 5.7.8 no ${Buffer.from('\0user\0tell-nobody').toString('base64')} tell-nobody`;
  const server = await kept(scripted({ EHLO: '250-test\r\n250 AUTH PLAIN', AUTH: echo }));
  const result = await transport(server.port, { auth: BASIC }).send(mail());
  expect(result).toMatchObject({ failure: { code: 'auth-refused', retryable: false }, reply: '535 5.7.8 no … …' });
  expect(JSON.stringify(result)).not.toContain('tell-nobody');
});

it('sends no password in clear to a host that nobody listed', async () => {
  const refused = await transport(1, { host: 'mail.example.org', auth: BASIC }).send(mail());
  expect(refused).toMatchObject({ failure: { code: 'cleartext-credentials', retryable: false } });
});

it.each([
  ['connects to nobody', { host: '127.0.0.1', port: 1 }, 'connection-refused', true],
  ['finds no address', { host: 'no-such-host.invalid' }, 'host-not-found', true],
])('%s', async (_what, settings, code, retryable) => {
  expect(await transport(25, settings).send(mail())).toMatchObject({ failure: { code, retryable } });
});

it('dials no private address that is not listed', async () => {
  const result = await transport(25, {}, new EgressGuard([])).send(mail());
  expect(result).toMatchObject({
    failure: { code: 'egress-refused', retryable: false, message: expect.stringContaining('EGRESS_ALLOW') },
  });
});

it.each([
  ['a greeting of 554', { GREETING: '554 go away' }, 'greeting-refused', true],
  ['a greeting of 421', { GREETING: '421 4.3.2 busy' }, 'throttled', true],
  [
    'a sign-in that cannot be checked now',
    { EHLO: '250-t\r\n250 AUTH PLAIN', AUTH: '454 4.7.0 later' },
    'throttled',
    true,
  ],
  ['454 without enhanced code', { EHLO: '250-t\r\n250 AUTH PLAIN', AUTH: '454 later' }, 'auth-temporary', true],
  ['a sender that it does not like', { MAIL: '550 5.7.60 SendAs denied' }, 'sender-refused', false],
  ['a missing sign-in', { MAIL: '530 5.7.57 not authenticated' }, 'auth-required', false],
  ['a size that is too large', { MAIL: '552 5.3.4 too big' }, 'message-too-big', false],
  ['one recipient that is unknown', { RCPT: '550 5.1.1 unknown' }, 'recipient-refused', false],
  ['one recipient later', { RCPT: '450 4.2.1 greylisted' }, 'recipient-deferred', true],
  ['the mail', { DOT: '554 5.7.1 spam' }, 'message-refused', false],
  ['the mail for now', { DOT: '451 4.7.1 later' }, 'message-deferred', true],
  ['more connections', { MAIL: '432 4.3.2 Concurrent connections limit exceeded' }, 'throttled', true],
  [
    'everything, and leaves',
    { MAIL: (socket: { end(text: string): void }) => socket.end('421 4.7.0 too many\r\n') },
    'throttled',
    true,
  ],
])('tells what it means when a server refuses %s', async (_what, replies, code, retryable) => {
  for (const extension of ['', '250-PIPELINING\r\n']) {
    const EHLO = `250-test\r\n${extension}${'EHLO' in replies ? replies.EHLO.replace('250-t\r\n', '') : '250 HELP'}`;
    const server = await kept(scripted({ ...replies, EHLO }));
    const settings = 'AUTH' in replies ? { auth: BASIC } : {};
    expect(await transport(server.port, settings).send(mail())).toMatchObject({
      ok: false,
      failure: { code, retryable },
    });
  }
});

it('sends to the recipients that are taken and names the others', async () => {
  const server = await kept(
    startSmtp({
      onRcptTo({ address }, _session, done) {
        if (address.startsWith('gone')) return done(Object.assign(new Error('unknown'), { responseCode: 550 }));
        if (address.startsWith('later')) return done(Object.assign(new Error('greylisted'), { responseCode: 450 }));
        return done();
      },
    }),
  );
  expect(await transport(server.port).send(mail(['ok@x.org', 'gone@x.org', 'later@x.org']))).toMatchObject({
    ok: true,
    accepted: ['ok@x.org'],
    refused: [
      { address: 'gone@x.org', reply: '550 unknown', temporary: false },
      { address: 'later@x.org', reply: '450 greylisted', temporary: true },
    ],
  });
});

it('refuses what is larger than the server said, before a byte of it', async () => {
  const server = await kept(scripted({ EHLO: '250-test\r\n250 SIZE 100' }));
  expect(await transport(server.port).send(mail([], 'x'.repeat(200)))).toMatchObject({
    failure: { code: 'message-too-big', retryable: false },
  });
  expect(server.lines).not.toContain('DATA');
});

it('does not know the outcome when the connection breaks after the mail, and knows it before', async () => {
  const after = await kept(scripted({ DOT: (socket) => socket.destroy() }));
  expect(await transport(after.port).send(mail())).toMatchObject({
    failure: { code: 'outcome-unknown', retryable: true },
  });
  const before = await kept(scripted({ MAIL: (socket) => socket.destroy() }));
  expect(await transport(before.port).send(mail())).toMatchObject({
    failure: { code: 'connection-lost', retryable: true },
  });
});

it('gives up on a server that says nothing', async () => {
  const hole = await kept(startBlackHole());
  const timeouts = { greetingTimeout: 1000, connectionTimeout: 1000 };
  expect(await transport(hole.port, timeouts).send(mail())).toMatchObject({
    failure: { code: 'connection-timeout', retryable: true },
  });
});

it('is not fooled by what is no mail server', async () => {
  const web = await kept(
    startRaw(
      () => undefined,
      (_line, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ),
  );
  const noise = await kept(
    startRaw(
      (socket) => socket.write('hello there\r\n'),
      () => undefined,
    ),
  );
  expect(await transport(noise.port).send(mail())).toMatchObject({ failure: { code: 'protocol-error' } });
  expect(await transport(web.port, { greetingTimeout: 1000 }).send(mail())).toMatchObject({
    failure: { code: 'connection-timeout' },
  });
});

it('lets mails under way end before it closes, and hangs up on those that take too long', async () => {
  let answer: () => void = () => undefined;
  const server = await kept(scripted({ DOT: (socket) => void (answer = () => socket.write('250 2.0.0 taken\r\n')) }));
  const [quick, stuck] = [transport(server.port), transport(server.port)];
  const sent = quick.send(mail());
  await expect.poll(() => server.lines.includes('.')).toBe(true);
  const closed = quick.close(60_000);
  answer();
  expect(await sent).toMatchObject({ ok: true });
  await closed;
  const never = stuck.send(mail());
  await expect.poll(() => server.lines.filter((line) => line === '.').length).toBe(2);
  await stuck.close(10);
  expect(await never).toMatchObject({ ok: false });
});

it('has a plain sentence with advice for every failure', () => {
  for (const { title, advice } of Object.values(MAIL_FAILURES))
    for (const text of [title, advice]) expect(text).toMatch(/^[A-Z].*\.$/);
});
