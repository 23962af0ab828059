import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/** What is wrong with a PEM text, as a sentence that says what to do; undefined: nothing. Never quotes the text. */
type Fault = string | undefined;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** One or more CA certificates, as they stand in a PEM bundle. */
export function checkCertificates(pem: string): Fault {
  const found = pem.match(CERTIFICATE) ?? [];
  if (found.length === 0) return notACertificate(pem);
  const broken = found.findIndex((text) => readCertificate(text) === undefined);
  return broken === -1
    ? undefined
    : `the ${ordinal(broken)} certificate in it cannot be read; copy the whole file again`;
}

/** Certificate and private key of one client. @param now milliseconds since the epoch */
export function checkClientCertificate(pem: string, privateKey: string, now: number): Fault {
  const certificate = readCertificate(pem.match(CERTIFICATE)?.[0] ?? '');
  if (certificate === undefined) return notACertificate(pem);
  const key = readKey(privateKey);
  if (typeof key === 'string') return key;
  if (!certificate.checkPrivateKey(key)) return 'the private key belongs to another certificate';
  if (certificate.validToDate.getTime() < now) return `it ended on ${day(certificate.validToDate)}; take the new one`;
  return undefined;
}

/** RFC 6376 §3.3 and RFC 8463: RSA of at least 1024 bits, or Ed25519. */
export function checkDkimKey(privateKey: string): Fault {
  const key = readKey(privateKey);
  if (typeof key === 'string') return key;
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return undefined;
  if (type !== 'rsa') return `is a key of the type ${type ?? 'unknown'}; DKIM takes RSA or Ed25519`;
  const bits = details?.modulusLength ?? 0;
  return bits < 1_024 ? `is an RSA key of ${bits} bits; receivers ask for 1024 at least, better 2048` : undefined;
}

function readKey(pem: string): KeyObject | string {
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem))
    return 'is protected by a passphrase; give it without, for example by: openssl pkey -in key.pem -out plain.pem';
  if (/BEGIN PUBLIC KEY|BEGIN CERTIFICATE/.test(pem)) return 'is not the private key, but something public';
  if (!pem.includes('PRIVATE KEY-----')) return 'is not a private key in PEM (-----BEGIN PRIVATE KEY-----)';
  try {
    return createPrivateKey(pem);
  } catch {
    return 'cannot be read; copy the whole file again, its first and last line with it';
  }
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function notACertificate(pem: string): string {
  if (pem.includes('PRIVATE KEY-----')) return 'is a private key; give the certificate here';
  return pem.includes('BEGIN CERTIFICATE')
    ? 'cannot be read; copy the whole file again, its first and last line with it'
    : 'is not a certificate in PEM (-----BEGIN CERTIFICATE-----)';
}

const ordinal = (index: number): string => ['first', 'second', 'third'][index] ?? `${index + 1}th`;
const day = (date: Date): string => date.toISOString().slice(0, 10);
