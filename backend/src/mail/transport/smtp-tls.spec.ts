import { X509Certificate } from 'node:crypto';

import { expect, it } from 'vitest';

import { startHttpProxy, startSocksProxy } from '../../net/proxies.testing.js';
import { EgressGuard } from '../../net/index.js';
import { certificateFor, scripted, startSmtp, testCa } from '../smtp-servers.testing.js';
import { testMail, TransportSpec } from './transports.testing.js';

const { kept, smtp } = new TransportSpec();
const fingerprint = (name: 'localhost' | 'elsewhere') => new X509Certificate(certificateFor(name).cert).fingerprint256;
const tlsServer = (name: 'localhost' | 'elsewhere', tls: string, more: object = {}) =>
  kept(startSmtp({ ...certificateFor(name), secure: tls === 'implicit', disabledCommands: [], ...more }));
const MODES = ['implicit', 'starttls'] as const;

it.each(MODES)(
  'accepts the one certificate that is pinned, whatever its name and whoever signed it (%s)',
  async (tls) => {
    const server = await tlsServer('elsewhere', tls);
    const pinned = { tls, pinnedCertificate: fingerprint('elsewhere'), maxConnections: 2 };
    const made = smtp(server.port, pinned);
    const results = await Promise.all([made.send(testMail()), made.send(testMail()), made.send(testMail())]);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(server.received).toHaveLength(3);
  },
);

it.each(MODES)('refuses any other certificate then, a good one with it (%s)', async (tls) => {
  const server = await tlsServer('localhost', tls);
  const settings = {
    host: 'localhost',
    tls,
    pinnedCertificate: fingerprint('elsewhere').replaceAll(':', '').toLowerCase(),
  };
  expect(await smtp(server.port, settings).send(testMail())).toMatchObject({
    failure: { code: 'tls-certificate-other', retryable: false },
  });
  expect(server.received).toEqual([]);
});

it.each(MODES)('trusts an own CA in place of the known ones (%s)', async (tls) => {
  const server = await tlsServer('localhost', tls);
  expect(await smtp(server.port, { host: 'localhost', tls, ca: testCa }).send(testMail())).toMatchObject({ ok: true });
  const other = smtp(server.port, { host: 'localhost', tls, ca: certificateFor('elsewhere').cert });
  expect(await other.send(testMail())).toMatchObject({ failure: { code: 'tls-certificate' } });
});

it.each(MODES)('takes a certificate of another name only where its name is not to be checked (%s)', async (tls) => {
  const server = await tlsServer('elsewhere', tls);
  expect(await smtp(server.port, { host: 'localhost', tls }).send(testMail())).toMatchObject({
    failure: { code: 'tls-certificate' },
  });
  const lenient = smtp(server.port, { host: 'localhost', tls, checkServerIdentity: false });
  expect(await lenient.send(testMail())).toMatchObject({ ok: true });
});

it('goes no lower than the lowest version of TLS', async () => {
  const server = await tlsServer('localhost', 'implicit', { maxVersion: 'TLSv1.2' });
  const settings = { host: 'localhost', tls: 'implicit' };
  expect(await smtp(server.port, settings).send(testMail())).toMatchObject({ ok: true });
  expect(await smtp(server.port, { ...settings, tlsMinVersion: 'TLSv1.3' }).send(testMail())).toMatchObject({
    failure: { code: 'tls-failed' },
  });
});

it('shows its own certificate where the server asks for one', async () => {
  const { cert, key } = certificateFor('localhost');
  const server = await tlsServer('localhost', 'implicit', {
    requestCert: true,
    rejectUnauthorized: true,
    ca: [testCa],
  });
  const settings = { host: 'localhost', tls: 'implicit' };
  const clientCertificate = { certificate: cert, privateKey: key };
  expect(await smtp(server.port, { ...settings, clientCertificate }).send(testMail())).toMatchObject({ ok: true });
  expect(await smtp(server.port, settings).send(testMail())).toMatchObject({ ok: false });
});

it.each([
  ['http', startHttpProxy],
  ['socks5', startSocksProxy],
] as const)('sends through a connector (%s), with TLS to the server itself', async (kind, start) => {
  const proxy = await kept(start({ user: { name: 'signalpost', password: 'connector-secret' } }));
  const server = await tlsServer('localhost', 'starttls');
  const connector = { kind, host: '127.0.0.1', port: proxy.port, username: 'signalpost', password: 'connector-secret' };
  const settings = { host: 'localhost', tls: 'starttls' };
  expect(await smtp(server.port, settings, { connector }).send(testMail())).toMatchObject({ ok: true });
  expect(proxy.opened).toEqual([`localhost:${server.port}`]);
  const wrong = smtp(server.port, settings, { connector: { ...connector, password: 'other' } });
  expect(await wrong.send(testMail())).toMatchObject({ failure: { code: 'proxy-failed', retryable: true } });
  const inner = smtp(server.port, settings, { connector, egress: new EgressGuard([]) });
  expect(await inner.send(testMail())).toMatchObject({ failure: { code: 'egress-refused' } });
});

it('asks for the pinned certificate without a word about who asks, and says what the server answers', async () => {
  const server = await kept(scripted({ EHLO: '250-test\r\n250 STARTTLS', STARTTLS: '454 4.7.0 later' }));
  const result = await smtp(server.port, { tls: 'starttls', pinnedCertificate: fingerprint('localhost') }).send(
    testMail(),
  );
  expect(result).toMatchObject({ failure: { code: 'tls-failed', retryable: true } });
  expect(server.lines).toEqual(['EHLO [127.0.0.1]', 'STARTTLS']);
});
