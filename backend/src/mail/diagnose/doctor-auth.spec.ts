import { expect, it } from 'vitest';

import { scripted, startRaw } from '../smtp-servers.testing.js';
import {
  BASIC,
  examine,
  kept,
  OPAQUE,
  openServer,
  QUICK,
  refusing,
  SECRET,
  stepOf,
  target,
  TOKEN,
  tokenAuth,
  watchOverReports,
} from './doctor.testing.js';

const challenge = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64');

watchOverReports();

it.each(['PLAIN', 'LOGIN'])('signs in with AUTH %s', async (method) => {
  const server = await kept(openServer({ authMethods: [method] }));
  const report = await examine(target(server.port, { auth: BASIC }));
  expect(stepOf(report, 'auth')).toMatchObject({ state: 'ok', auth: { mechanism: method } });
});

it.each([
  ['none', { EHLO: '250 test' }, 'auth-only-with-tls'],
  ['only what is out of use', { EHLO: '250-test\r\n250 AUTH CRAM-MD5' }, 'password-not-offered'],
  ['a refusal', { EHLO: '250-t\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 no' }, 'auth-refused'],
  ['a refusal for now', { EHLO: '250-t\r\n250 AUTH PLAIN', AUTH: '454 4.7.0 later' }, 'auth-temporary'],
] as const)('explains a sign-in that is offered as: %s', async (_what, replies, code) => {
  const server = await kept(scripted(replies));
  const report = await examine(target(server.port, { auth: BASIC, timeouts: QUICK }));
  expect(stepOf(report, 'auth')).toMatchObject({ state: 'failed', code });
});

it('tells no password to a LOGIN that asks for something else', async () => {
  const asks = ['334 VXNlcm5hbWU6', `334 ${Buffer.from('Credit card:').toString('base64')}`, '501 cancelled'];
  const server = await kept(
    startRaw(
      (socket) => socket.write('220 hi\r\n'),
      (line, socket) => socket.write(line.startsWith('EHLO') ? '250-t\r\n250 AUTH LOGIN\r\n' : `${asks.shift()}\r\n`),
    ),
  );
  const report = await examine(target(server.port, { auth: BASIC }));
  expect(stepOf(report, 'auth')).toMatchObject({ state: 'failed', code: 'login-prompts-unknown' });
  expect(server.lines).toContain('*');
  expect(server.lines.join('\n')).not.toContain(Buffer.from(SECRET).toString('base64'));
});

it('sends no credentials without TLS to a host that nobody allowed', async () => {
  const server = await kept(scripted({ EHLO: '250-test\r\n250 AUTH PLAIN' }));
  const report = await examine(target(server.port, { auth: BASIC, mayUseCleartext: false }));
  expect(stepOf(report, 'auth')).toMatchObject({ state: 'failed', code: 'cleartext-refused' });
  expect(server.lines.join('\n')).not.toContain('AUTH');
});

it('signs in with XOAUTH2, byte by byte, and shows what the token says without showing it', async () => {
  const server = await kept(scripted({ EHLO: '250-t\r\n250 AUTH PLAIN XOAUTH2', AUTH: '235 2.7.0 ok' }));
  const report = await examine(target(server.port, { auth: tokenAuth([TOKEN]) }));
  const sent = Buffer.from(`user=box@example.org\x01auth=Bearer ${TOKEN}\x01\x01`).toString('base64');
  expect(server.lines).toContain(`AUTH XOAUTH2 ${sent}`);
  expect(stepOf(report, 'auth')?.auth).toMatchObject({
    mechanism: 'XOAUTH2',
    token: {
      audience: 'https://outlook.office365.com',
      scopes: ['SMTP.Send'],
      account: 'box@example.org',
      expiresAt: 4_000_000_000_000,
    },
  });
});

it('takes OAUTHBEARER where there is no XOAUTH2', async () => {
  const server = await kept(scripted({ EHLO: '250-t\r\n250 AUTH OAUTHBEARER', AUTH: '235 2.7.0 ok' }));
  await examine(target(server.port, { auth: tokenAuth([TOKEN]) }));
  const [, response = ''] = server.lines.find((line) => line.startsWith('AUTH'))?.split('OAUTHBEARER ') ?? [];
  expect(Buffer.from(response, 'base64').toString()).toBe(
    `n,a=box@example.org,\x01host=localhost\x01port=${server.port}\x01auth=Bearer ${TOKEN}\x01\x01`,
  );
});

it.each([
  ['XOAUTH2', ''],
  ['OAUTHBEARER', 'AQ=='],
])(
  'reads the challenge of %s, ends the exchange properly and tries once more with a fresh token',
  async (mechanism, end) => {
    const json = { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' };
    const server = await kept(
      refusing(mechanism, (line) =>
        line.startsWith('AUTH')
          ? `334 ${challenge(json)}`
          : '535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 more',
      ),
    );
    const auth = tokenAuth([TOKEN, `${TOKEN}2`]);
    const report = await examine(target(server.port, { auth }));
    expect(auth.asked).toEqual([false, true]);
    expect(server.lines.filter((line) => line === end)).toHaveLength(2);
    expect(stepOf(report, 'auth')).toMatchObject({
      state: 'failed',
      code: 'token-refused',
      offer: { kind: 'renew-consent' },
    });
    expect(report.transcript.map(({ text }) => text)).toContain(
      'The challenge says: status 400, scope https://mail.google.com/',
    );
  },
);

it('heals a stale token by a fresh one', async () => {
  const server = await kept(
    refusing('XOAUTH2', (line) => {
      if (!line.startsWith('AUTH')) return '250 ok';
      return Buffer.from(line.slice(13), 'base64').toString().includes('fresh-token') ? '235 ok' : '535 5.7.3 stale';
    }),
  );
  const report = await examine(target(server.port, { auth: tokenAuth(['stale-token', 'fresh-token']) }));
  expect(stepOf(report, 'auth')).toMatchObject({ state: 'ok' });
});

it('tries both user names of a shared mailbox, and says which one worked', async () => {
  const server = await kept(
    refusing('XOAUTH2', (line) => {
      if (!line.startsWith('AUTH')) return '250 ok';
      return Buffer.from(line.slice(13), 'base64').toString().includes('user=person@') ? '235 ok' : '535 5.7.3 no';
    }),
  );
  const auth = tokenAuth([TOKEN], ['shared@example.org', 'person@example.org']);
  const report = await examine(target(server.port, { auth }));
  expect(stepOf(report, 'auth')).toMatchObject({
    state: 'warning',
    code: 'other-username',
    offer: { kind: 'set-username', username: 'person@example.org' },
    auth: { username: 'person@example.org' },
  });
  expect(report.healthy).toBe(true);
  expect(auth.asked).toEqual([false]);
});

it('offers Graph where Microsoft has switched SMTP off', async () => {
  const disabled = '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.';
  const server = await kept(scripted({ EHLO: '250-t\r\n250 AUTH XOAUTH2', AUTH: disabled }));
  const report = await examine(target(server.port, { auth: { ...tokenAuth([TOKEN]), apiTransport: 'graph' } }));
  expect(stepOf(report, 'auth')).toMatchObject({
    code: 'smtp-auth-disabled',
    offer: { kind: 'switch-transport', transport: 'graph' },
  });
});

it('passes on why there is no token', async () => {
  const server = await kept(scripted({ EHLO: '250-t\r\n250 AUTH XOAUTH2' }));
  const failure = { code: 'needs-consent', message: 'Nobody has signed in.', advice: 'Sign in.', retryable: false };
  const auth = {
    kind: 'oauth2',
    usernames: ['a@b.org'],
    token: () => Promise.resolve({ ok: false as const, failure }),
  } as const;
  expect(stepOf(await examine(target(server.port, { auth })), 'auth')).toMatchObject({
    code: 'needs-consent',
    cause: 'Nobody has signed in.',
    fix: 'Sign in.',
  });
});

it('hides credentials that a server repeats', async () => {
  const echo = `535 5.7.8 ${Buffer.from(`\0user\0${SECRET}`).toString('base64')} ${SECRET}`;
  const server = await kept(scripted({ EHLO: '250-t\r\n250 AUTH PLAIN', AUTH: echo }));
  const report = await examine(target(server.port, { auth: BASIC }));
  expect(stepOf(report, 'auth')?.detail).toMatch(/^The server says: 535 5\.7\.8 … …$/);
  const tokens = await kept(
    refusing('XOAUTH2', (line) => (line.startsWith('AUTH') ? `535 ${line} ${TOKEN}` : '250 ok')),
  );
  await examine(target(tokens.port, { auth: tokenAuth([TOKEN]) }));
  const opaque = await kept(refusing('XOAUTH2', (line) => (line.startsWith('AUTH') ? `535 ${OPAQUE}` : '250 ok')));
  await examine(target(opaque.port, { auth: tokenAuth([OPAQUE]) }));
  const halved = await kept(refusing('PLAIN', (line) => `${'x'.repeat(50)}${line}`));
  await examine(target(halved.port, { auth: BASIC }));
});
