import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

import { expect, it } from 'vitest';

import { certificateFor } from '../smtp-servers.testing.js';
import { BASIC, examine, kept, openServer, QUICK, states, stepOf, target, watchOverReports } from './doctor.testing.js';

watchOverReports();

it('visits a server with implicit TLS', async () => {
  const server = await kept(openServer({ secure: true }));
  const report = await examine(target(server.port, { tls: 'implicit', auth: BASIC }));
  expect(states(report).slice(0, 6)).toEqual(['dns ok', 'tcp ok', 'tls ok', 'ehlo ok', 'auth ok', 'mail-from ok']);
});

it.each([
  ['implicit TLS for a port that begins in clear', 'implicit', false, 'tls', 'tls-mode-not-implicit', 'starttls'],
  ['STARTTLS for a port that is TLS from the first byte', 'starttls', true, 'ehlo', 'tls-mode-is-implicit', 'implicit'],
  ['no TLS for a port that is TLS from the first byte', 'none', true, 'ehlo', 'tls-mode-is-implicit', 'implicit'],
] as const)('recognises %s', async (_what, tls, secure, step, code, offered) => {
  const server = await kept(openServer({ secure }));
  const report = await examine(target(server.port, { tls, auth: BASIC, timeouts: QUICK }));
  expect(stepOf(report, step)).toMatchObject({
    state: 'failed',
    code,
    offer: { kind: 'set-tls', tls: offered, port: server.port },
  });
  expect(stepOf(report, 'auth')).toMatchObject({ state: 'skipped' });
  expect(report.healthy).toBe(false);
});

async function startTls(options: TlsOptions): Promise<{ port: number; lines: string[]; close(): Promise<void> }> {
  const lines: string[] = [];
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => undefined).on('data', (data: Buffer) => lines.push(data.toString()));
    socket.write('220 hello\r\n');
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // a TCP server's address
  return { port, lines, close: () => new Promise((done) => server.close(() => done())) };
}

it.each([
  ['a certificate for another name', 'elsewhere', {}, 'certificate-name'],
  ['a CA that nobody knows', 'localhost', { trust: {} }, 'certificate-untrusted'],
  [
    'another certificate than the accepted one',
    'localhost',
    { trust: { pinnedFingerprint256: 'AA:BB' } },
    'certificate-pin',
  ],
] as const)('says nothing to a server with %s, and shows the certificate', async (_what, name, settings, code) => {
  const server = await kept(startTls(certificateFor(name)));
  const report = await examine(target(server.port, { tls: 'implicit', auth: BASIC, ...settings }));
  expect(stepOf(report, 'tls')).toMatchObject({
    state: 'failed',
    code,
    tls: { chain: expect.arrayContaining([expect.objectContaining({ issuer: 'Signalpost specs CA' })]) },
  });
  expect(server.lines).toEqual([]);
});

const ownCertificate = (name: string) => {
  const read = (file: string) => readFileSync(new URL(`fixtures/${file}.pem`, import.meta.url), 'utf8');
  return { cert: read(name), key: read(`${name}-key`) };
};

it.each([
  ['nobody signed', 'self-signed', [], 'certificate-self-signed'],
  ['has expired', 'expired', [ownCertificate('expired').cert], 'certificate-expired'],
] as const)('tells that a certificate %s, with either TLS mode', async (_what, name, ca, code) => {
  for (const tls of ['implicit', 'starttls'] as const) {
    const server = await kept(openServer({ ...ownCertificate(name), secure: tls === 'implicit' }));
    const report = await examine(target(server.port, { tls, auth: BASIC, trust: ca.length === 0 ? {} : { ca } }));
    expect(stepOf(report, 'tls')).toMatchObject({ state: 'failed', code, retry: 'no' });
    expect(stepOf(report, 'auth')).toMatchObject({ state: 'skipped' });
  }
});

it('accepts a pinned certificate whoever signed it, and names that do not fit where that was chosen', async () => {
  const first = await examine(
    target((await kept(openServer({ secure: true }))).port, { tls: 'implicit', auth: BASIC }),
  );
  const pinnedFingerprint256 = stepOf(first, 'tls')?.tls?.chain[0]?.fingerprint256 ?? '';
  const pinned = await kept(openServer({ secure: true }));
  const trusting = await examine(
    target(pinned.port, { tls: 'implicit', auth: BASIC, trust: { pinnedFingerprint256 } }),
  );
  expect(trusting.healthy).toBe(true);
  const elsewhere = await kept(openServer({ ...certificateFor('elsewhere'), secure: true }));
  const { trust } = target(0);
  const careless = target(elsewhere.port, { tls: 'implicit', auth: BASIC, trust: { ...trust, checkIdentity: false } });
  expect((await examine(careless)).healthy).toBe(true);
});

it('tells that a TLS version is too old', async () => {
  const server = await kept(startTls({ ...certificateFor('localhost'), maxVersion: 'TLSv1.2' }));
  const trust = { ...target(0).trust, minVersion: 'TLSv1.3' } as const;
  const report = await examine(target(server.port, { tls: 'implicit', trust }));
  expect(stepOf(report, 'tls')).toMatchObject({ state: 'failed', code: 'tls-version' });
});
