import { expect, it } from 'vitest';

import { EgressGuard } from '../../net/index.js';
import { scripted, startBlackHole, startRaw } from '../smtp-servers.testing.js';
import { BASIC, examine, kept, openServer, QUICK, states, stepOf, target, watchOverReports } from './doctor.testing.js';

watchOverReports();

it('visits a server with STARTTLS from its name to the recipient, and sends nothing', async () => {
  const server = await kept(openServer());
  const wanted = target(server.port, { tls: 'starttls', auth: BASIC, recipient: 'to@example.org' });
  const report = await examine(wanted);
  expect(states(report)).toEqual([
    'dns ok',
    'tcp ok',
    'ehlo ok',
    'starttls ok',
    'tls ok',
    'ehlo ok',
    'auth ok',
    'mail-from ok',
    'dns-records ok',
  ]);
  expect(report.healthy).toBe(true);
  expect(stepOf(report, 'tls')?.tls).toMatchObject({
    version: 'TLSv1.3',
    chain: [{ subject: 'localhost', names: ['localhost', '127.0.0.1'], issuer: 'Signalpost specs CA' }, {}],
  });
  expect(stepOf(report, 'auth')?.auth).toMatchObject({ mechanism: 'PLAIN', username: 'user' });
  expect(stepOf(report, 'dns-records')?.records).toMatchObject({ domain: 'example.org', dmarc: 'v=DMARC1; p=reject' });
  const said = report.transcript.map(({ from, text }) => `${from}: ${text}`);
  expect(said).toEqual(
    expect.arrayContaining(['client: AUTH PLAIN (hidden)', 'client: RCPT TO:<to@example.org>', 'client: RSET']),
  );
  expect(said.join('\n')).not.toContain('DATA');
  expect(server.received).toEqual([]);
});

it('takes a relay without sign-in for what it is', async () => {
  const server = await kept(scripted({}));
  const report = await examine(target(server.port));
  expect(stepOf(report, 'auth')).toMatchObject({ state: 'skipped' });
  expect(report.healthy).toBe(true);
});

it.each([
  ['offers no STARTTLS', { EHLO: '250-test\r\n250 AUTH PLAIN' }, 'starttls', 'starttls-not-offered'],
  ['refuses STARTTLS', { EHLO: '250-t\r\n250 STARTTLS', STARTTLS: '454 4.7.0 later' }, 'starttls', 'starttls-refused'],
  [
    'slips something behind the answer',
    { EHLO: '250-t\r\n250 STARTTLS', STARTTLS: '220 go\r\n250-evil\r\n250 AUTH PLAIN' },
    'starttls',
    'starttls-injection',
  ],
  ['is blocked', { GREETING: '554 5.7.1 blocked' }, 'ehlo', 'greeting-refused'],
  ['is busy', { GREETING: '421 4.3.2 busy' }, 'ehlo', 'busy'],
  ['dislikes the name', { EHLO: '501 5.5.2 who?' }, 'ehlo', 'ehlo-refused'],
] as const)('stops where a server %s, before anything secret', async (_what, replies, step, code) => {
  const server = await kept(scripted(replies));
  const report = await examine(target(server.port, { tls: 'starttls', auth: BASIC }));
  expect(stepOf(report, step)).toMatchObject({ state: 'failed', code });
  expect(server.lines.join('\n')).not.toMatch(/AUTH|MAIL/);
});

it('explains who may not send, and does not ask the recipient then', async () => {
  const server = await kept(
    scripted({ MAIL: '550 5.7.60 SMTP; Client does not have permissions to send as this sender' }),
  );
  const report = await examine(target(server.port, { recipient: 'to@example.org' }));
  expect(stepOf(report, 'mail-from')).toMatchObject({ state: 'failed', code: 'send-as-denied' });
  expect(server.lines.join('\n')).not.toContain('RCPT');
  const injected = await examine(target(server.port, { from: 'a@b.org>\r\nDATA' }));
  expect(stepOf(injected, 'mail-from')).toMatchObject({ state: 'failed', code: 'from-invalid' });
});

it.each([
  ['nobody listens', { port: 1 }, 'tcp', 'connection-refused'],
  ['the name does not exist', { host: 'no-such-host.invalid' }, 'dns', 'host-not-found'],
  ['the network is closed', { egress: new EgressGuard([]) }, 'dns', 'egress-refused'],
] as const)('explains that %s', async (_what, settings, step, code) => {
  const report = await examine(target(25, settings));
  const found = stepOf(report, step);
  expect(found).toMatchObject({ state: 'failed' });
  expect([code, 'dns-unavailable']).toContain(found?.code);
  expect(report.steps.at(-1)).toMatchObject({ step: 'dns-records', state: 'ok' });
});

it('gives up in time on a server that says nothing, hangs up, babbles or is something else', async () => {
  const asked = async (port: number) => stepOf(await examine(target(port, { timeouts: QUICK })), 'ehlo')?.code;
  expect(await asked((await kept(startBlackHole())).port)).toMatch(/silent|hung-up/);
  const rude = await kept(
    startRaw(
      (socket) => socket.end(),
      () => undefined,
    ),
  );
  expect(await asked(rude.port)).toBe('hung-up');
  const web = await kept(
    startRaw(
      (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      () => undefined,
    ),
  );
  expect(await asked(web.port)).toBe('not-smtp');
  const babbling = await kept(
    startRaw(
      (socket) => socket.write('250-blah\r\n'.repeat(2_000)),
      () => undefined,
    ),
  );
  expect(await asked(babbling.port)).toBe('reply-too-long');
});

it('warns about what is missing in the DNS without calling the server ill', async () => {
  const server = await kept(scripted({}));
  const report = await examine(target(server.port, { dkimSelector: 's1' }), () => Promise.resolve([]));
  const step = stepOf(report, 'dns-records');
  expect(step).toMatchObject({ state: 'warning', records: { spf: null, dkim: null, dmarc: null } });
  expect(step?.records?.notes).toHaveLength(3);
  expect(report.healthy).toBe(true);
  const silent = await examine(target(server.port), () => Promise.reject(new Error('no DNS')));
  expect(stepOf(silent, 'dns-records')).toMatchObject({ state: 'warning' });
});
