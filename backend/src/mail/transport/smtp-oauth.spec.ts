import type { Socket } from 'node:net';

import type { SMTPServerOptions } from 'smtp-server';
import { expect, it } from 'vitest';

import { certificateFor, scripted, startRaw, startSmtp, type RawSmtp } from '../smtp-servers.testing.js';
import { testMail, TransportSpec } from './transports.testing.js';
import { TestTokens } from './tokens.testing.js';

const { kept, smtp } = new TransportSpec();
const OAUTH = {
  kind: 'oauth2',
  flow: 'authorizationCode',
  username: 'box@example.org',
  applicationId: '00000000-0000-4000-8000-000000000001',
};

type Refusal = 'challenge' | 'at once';
/** Takes the token `good` alone; refuses others as Google does (a challenge first) or as Microsoft does (535 at once). */
const takesGood = (refusal: Refusal = 'at once', seen: unknown[] = []): SMTPServerOptions => ({
  authMethods: ['XOAUTH2'],
  authOptional: false,
  onAuth: ({ username, accessToken }, _session, done) => {
    seen.push([username, accessToken]);
    if (accessToken === 'good') return done(null, { user: username });
    if (refusal === 'challenge')
      return done(null, { data: { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' } });
    return done(Object.assign(new Error('5.7.3 Authentication unsuccessful'), { responseCode: 535 }));
  },
});

it('signs in with XOAUTH2 as the mailbox, with a token asked for at the connection', async () => {
  const seen: unknown[] = [];
  const server = await kept(startSmtp(takesGood('at once', seen)));
  const tokens = new TestTokens('good');
  expect(await smtp(server.port, { auth: OAUTH }, { tokens }).send(testMail())).toMatchObject({ ok: true });
  expect(seen).toEqual([['box@example.org', 'good']]);
  expect(server.received).toHaveLength(1);
});

it('names a shared mailbox as the user', async () => {
  const seen: unknown[] = [];
  const server = await kept(startSmtp(takesGood('at once', seen)));
  const auth = { ...OAUTH, sharedMailbox: 'alarms@example.org' };
  await smtp(server.port, { auth }, { tokens: new TestTokens('good') }).send(testMail());
  expect(seen).toEqual([['alarms@example.org', 'good']]);
});

it('sends a token only over TLS where TLS is asked for', async () => {
  const server = await kept(
    startSmtp({ ...takesGood(), ...certificateFor('localhost'), disabledCommands: [], allowInsecureAuth: false }),
  );
  const settings = { host: 'localhost', tls: 'starttls', auth: OAUTH };
  expect(await smtp(server.port, settings, { tokens: new TestTokens('good') }).send(testMail())).toMatchObject({
    ok: true,
  });
});

it.each(['challenge', 'at once'] as const)('takes one fresh token after a refusal (%s)', async (refusal) => {
  const server = await kept(startSmtp(takesGood(refusal)));
  const tokens = new TestTokens('stale', 'good');
  expect(await smtp(server.port, { auth: OAUTH }, { tokens }).send(testMail())).toMatchObject({ ok: true });
  expect([tokens.forced, tokens.refusals]).toEqual([1, []]);
});

it.each(['challenge', 'at once'] as const)(
  'marks the grant and lets the mail wait when the fresh one is refused, too (%s)',
  async (refusal) => {
    const server = await kept(startSmtp(takesGood(refusal)));
    const tokens = new TestTokens('stale', 'stale-too');
    const result = await smtp(server.port, { auth: OAUTH }, { tokens }).send(testMail());
    expect(result).toMatchObject({ ok: false, failure: { code: 'token-refused', retryable: true } });
    expect(JSON.stringify(result)).toMatch(refusal === 'challenge' ? /scope https:\/\/mail.google.com/ : /5\.7\.3/);
    expect(tokens.forced).toBe(1);
    expect(tokens.refusals).toEqual([[2, expect.stringMatching(/^535/)]]);
    expect(tokens.recovered).toBe(0);
  },
);

it('tells the grant when the server takes tokens again', async () => {
  const rights = { given: false };
  const server = await kept(
    startSmtp({
      ...takesGood(),
      onAuth: ({ username }, _session, done) =>
        rights.given
          ? done(null, { user: username })
          : done(Object.assign(new Error('5.7.139 disabled'), { responseCode: 535 })),
    }),
  );
  const tokens = new TestTokens('one', 'two');
  const made = smtp(server.port, { auth: OAUTH }, { tokens });
  await made.send(testMail());
  rights.given = true;
  expect(await made.send(testMail())).toMatchObject({ ok: true });
  expect(tokens.recovered).toBe(1);
});

it('asks for one fresh token however many connections were refused the old one', async () => {
  const server = await kept(startSmtp(takesGood()));
  const tokens = new TestTokens('stale', 'good');
  const made = smtp(server.port, { auth: OAUTH, maxConnections: 8 }, { tokens });
  const results = await Promise.all(Array.from({ length: 40 }, () => made.send(testMail())));
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  expect([tokens.forced, server.received.length]).toEqual([1, 40]);
});

it('waits without a token, with the word of the grant, and does not dial for it', async () => {
  const server = await kept(startSmtp(takesGood()));
  const result = await smtp(server.port, { auth: OAUTH }, { tokens: new TestTokens() }).send(testMail());
  expect(result).toMatchObject({
    failure: { code: 'no-access-token', retryable: true, message: expect.stringContaining('Sign in again.') },
  });
});

it('takes a temporary refusal for what it is', async () => {
  const server = await kept(scripted({ EHLO: '250-test\r\n250 AUTH XOAUTH2', AUTH: '454 4.7.0 later' }));
  const tokens = new TestTokens('good');
  const result = await smtp(server.port, { auth: OAUTH }, { tokens }).send(testMail());
  expect(result).toMatchObject({ failure: { code: 'throttled', retryable: true } });
  expect([tokens.forced, tokens.refusals]).toEqual([0, []]);
});

/** Speaks AUTH OAUTHBEARER without an initial response. @param judge undefined: a challenge, then 535 */
function oauthBearerServer(judge: (response: string) => string | undefined): Promise<RawSmtp> {
  const waiting = new WeakSet<Socket>();
  const refused = new WeakSet<Socket>();
  let inData = false;
  const answers: Record<string, string> = { EHLO: '250-test\r\n250 AUTH OAUTHBEARER', AUTH: '334 ', DATA: '354 go on' };
  return startRaw(
    (socket) => socket.write('220 test\r\n'),
    (line, socket) => {
      const word = line.split(' ')[0] ?? '';
      if (waiting.has(socket)) {
        const verdict = judge(Buffer.from(line, 'base64').toString());
        if (verdict !== undefined || refused.has(socket)) waiting.delete(socket);
        const challenge = `334 ${Buffer.from('{"status":"invalid_token"}').toString('base64')}`;
        socket.write(`${verdict ?? (refused.has(socket) ? '535 5.7.8 no' : challenge)}\r\n`);
        if (refused.delete(socket)) return;
        if (verdict === undefined) refused.add(socket);
        return;
      }
      if (inData && line !== '.') return;
      inData = word === 'DATA';
      if (word === 'AUTH') waiting.add(socket);
      socket.write(`${answers[word] ?? '250 ok'}\r\n`);
    },
  );
}

it('signs in with OAUTHBEARER where the server offers that alone, and ends a refused exchange with ^A', async () => {
  const said: string[] = [];
  const server = await kept(
    oauthBearerServer((response) => {
      said.push(response);
      return response.includes('auth=Bearer good\x01') ? '235 2.7.0 in' : undefined;
    }),
  );
  const tokens = new TestTokens('stale', 'good');
  expect(await smtp(server.port, { auth: OAUTH }, { tokens }).send(testMail())).toMatchObject({ ok: true });
  expect(said).toEqual([
    `n,a=box@example.org,\x01host=127.0.0.1\x01port=${server.port}\x01auth=Bearer stale\x01\x01`,
    '\x01',
    `n,a=box@example.org,\x01host=127.0.0.1\x01port=${server.port}\x01auth=Bearer good\x01\x01`,
  ]);
});

it('lets no token out where the server offers no way to send it', async () => {
  const server = await kept(scripted({ AUTH: '502 5.5.1 no' }));
  const result = await smtp(server.port, { auth: OAUTH }, { tokens: new TestTokens('good') }).send(testMail());
  expect(result).toMatchObject({ failure: { code: 'auth-unavailable' } });
  expect(server.lines.filter((line) => line.startsWith('AUTH'))).toEqual(['AUTH OAUTHBEARER']);
});

it('never shows a token that the server echoes', async () => {
  const token = 'a-long-and-secret-token';
  const echoed = Buffer.from(`user=box@example.org\x01auth=Bearer ${token}\x01\x01`).toString('base64');
  const server = await kept(
    scripted({ EHLO: '250-test\r\n250 AUTH XOAUTH2', AUTH: `535 you sent ${echoed} ${token}` }),
  );
  const result = await smtp(server.port, { auth: OAUTH }, { tokens: new TestTokens(token) }).send(testMail());
  expect(JSON.stringify(result)).toContain('535 you sent');
  expect(JSON.stringify(result)).not.toContain(token);
  expect(JSON.stringify(result)).not.toContain(echoed.slice(30, 60));
});
