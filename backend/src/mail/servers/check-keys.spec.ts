import { generateKeyPairSync, X509Certificate } from 'node:crypto';

import { expect, it } from 'vitest';

import { certificateFor, testCa } from '../smtp-servers.testing.js';
import { checkCertificates, checkClientCertificate, checkDkimKey } from './check-keys.js';

const { cert, key } = certificateFor('localhost');
const other = certificateFor('elsewhere').key;
const NOW = new X509Certificate(cert).validFromDate.getTime() + 1_000;
const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' });
const passphrase = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
});
const broken = (pem: string) => pem.replace(/\n[A-Za-z0-9+/]{20}/, '\n____');

it.each([
  ['one CA', testCa],
  ['a bundle with words around', `Our CA\n${testCa}\nand\n${cert}`],
])('takes %s', (_what, pem) => {
  expect(checkCertificates(pem)).toBeUndefined();
});

it.each([
  ['something else', 'hello', 'is not a certificate in PEM'],
  ['a private key', key, 'is a private key; give the certificate here'],
  ['a certificate without its end', testCa.slice(0, 100), 'cannot be read; copy the whole file again'],
  ['a bundle with a broken one', testCa + broken(cert), 'the second certificate in it cannot be read'],
])('refuses as a CA %s, and says what it is', (_what, pem, told) => {
  expect(checkCertificates(pem)).toContain(told);
});

it('takes a client certificate with its own key', () => {
  expect(checkClientCertificate(cert, key, NOW)).toBeUndefined();
});

it.each([
  ['the key of another certificate', cert, other, NOW, 'the private key belongs to another certificate'],
  ['a certificate that ended', cert, key, Date.UTC(2999, 0), 'it ended on '],
  ['the certificate twice', cert, cert, NOW, 'is not the private key, but something public'],
  ['a key with a passphrase', cert, String(passphrase), NOW, 'is protected by a passphrase; give it without'],
  ['a broken key', cert, broken(key), NOW, 'cannot be read'],
  ['no certificate', 'hello', key, NOW, 'is not a certificate in PEM'],
])('refuses %s, and says what to do', (_what, certificate, privateKey, now, told) => {
  const fault = checkClientCertificate(certificate, privateKey, now);
  expect(fault).toContain(told);
  expect(fault).not.toContain('MII');
});

it.each([
  ['RSA', rsa(2048)],
  ['Ed25519', ed25519],
])('takes a DKIM key of %s', (_what, privateKey) => {
  expect(checkDkimKey(privateKey)).toBeUndefined();
});

it.each([
  ['an elliptic curve that DKIM does not know', String(ec), 'is a key of the type ec; DKIM takes RSA or Ed25519'],
  ['an RSA key that is too short', rsa(512), 'is an RSA key of 512 bits'],
  ['a certificate', cert, 'is not the private key, but something public'],
])('refuses as a DKIM key %s', (_what, privateKey, told) => {
  expect(checkDkimKey(privateKey)).toContain(told);
});
