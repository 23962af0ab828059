import { isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect,
  type PeerCertificate,
  type DetailedPeerCertificate,
  type TLSSocket,
} from 'node:tls';

import type { Certificate, TlsFacts } from '@signalpost/contracts';

import type { DoctorTrust } from './doctor-target.js';
import { DoctorStop, stopAt } from './observation.js';

export interface Handshake {
  readonly socket: TLSSocket;
  readonly facts: TlsFacts;
  /** Why the certificate must not be trusted. Nothing may be sent then. */
  readonly distrust: DoctorStop | undefined;
}

interface HandshakeTarget {
  readonly host: string;
  readonly trust: DoctorTrust;
  readonly timeoutMs: number;
}

const MAX_CHAIN = 10;

/**
 * TLS over a socket that is connected. The certificate is judged here and not by the handshake, so that it can be shown
 * when it is bad; whoever calls must look at `distrust` before a word is said.
 *
 * @throws DoctorStop when there is no TLS at all
 */
export async function handshake(socket: Socket, target: HandshakeTarget): Promise<Handshake> {
  const secure = await secured(socket, target);
  const chain = chainOf(secure.getPeerCertificate(true));
  const facts = { version: secure.getProtocol() ?? '', cipher: secure.getCipher().standardName, chain };
  return { socket: secure, facts, distrust: distrust(secure, target) };
}

function secured(socket: Socket, { host, trust, timeoutMs }: HandshakeTarget): Promise<TLSSocket> {
  const { minVersion = 'TLSv1.2', ca, clientCertificate } = trust;
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      minVersion,
      rejectUnauthorized: false, // judged below
      checkServerIdentity: () => undefined, // judged below
      ...(ca === undefined ? {} : { ca: [...ca] }),
      ...clientCertificate,
    });
    const fail = (stop: DoctorStop): void => {
      clearTimeout(timer);
      secure.destroy();
      socket.destroy();
      reject(stop);
    };
    const timer = setTimeout(() => fail(stopAt('silent', 'The server does not answer the TLS handshake.')), timeoutMs);
    secure.once('error', (error: Error & { code?: string }) => fail(tlsError(error)));
    secure.once('end', () => fail(stopAt('hung-up', 'The server closed the connection during the TLS handshake.')));
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      secure.removeAllListeners('error').removeAllListeners('end');
      secure.on('error', () => undefined); // until the dialogue listens
      resolve(secure);
    });
  });
}

const tlsError = ({ code = '', message }: Error & { code?: string }): DoctorStop =>
  new DoctorStop({ error: { code, message } }, 'The TLS handshake failed.');

function distrust(socket: TLSSocket, { host, trust }: HandshakeTarget): DoctorStop | undefined {
  const certificate = socket.getPeerCertificate();
  if (trust.pinnedFingerprint256 !== undefined)
    return plainHex(trust.pinnedFingerprint256) === plainHex(certificate.fingerprint256)
      ? undefined
      : stopAt('pin-mismatch', `The certificate has the fingerprint ${certificate.fingerprint256}.`);
  const code = authorizationCode(socket);
  if (code !== undefined) return new DoctorStop({ error: { code, message: '' } }, untrusted(code, certificate));
  const mismatch = trust.checkIdentity === false ? undefined : checkServerIdentity(host, certificate);
  return (
    mismatch && stopAt('name-mismatch', `The certificate is for ${namesOf(certificate).join(', ')}, not for ${host}.`)
  );
}

const plainHex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

/** Node sets the code of OpenSSL here, whatever its types say. */
function authorizationCode({ authorized, authorizationError }: TLSSocket): string | undefined {
  const reason: unknown = authorizationError;
  if (authorized && !reason) return undefined;
  const { code, message } = Object(reason) as { code?: unknown; message?: unknown }; // Object() makes any value indexable; checked below
  for (const text of [reason, code, message]) if (typeof text === 'string' && text !== '') return text;
  return 'UNABLE_TO_VERIFY';
}

const untrusted = (code: string, { valid_to, issuer }: PeerCertificate): string =>
  `The certificate was signed by "${nameOf(issuer)}" and ends on ${valid_to} (${code}).`;

/** A root is its own issuer; the last of an incomplete chain has none, whatever the types say. */
function chainOf(first: DetailedPeerCertificate): Certificate[] {
  const chain: Certificate[] = [];
  let one: Partial<DetailedPeerCertificate> | undefined = first;
  while (isCertificate(one) && chain.length < MAX_CHAIN) {
    const { fingerprint256 } = one;
    if (chain.some((known) => known.fingerprint256 === fingerprint256)) break;
    chain.push(toCertificate(one));
    one = one.issuerCertificate;
  }
  return chain;
}

const isCertificate = (one: Partial<DetailedPeerCertificate> | undefined): one is DetailedPeerCertificate =>
  one?.fingerprint256 !== undefined;

const toCertificate = (certificate: PeerCertificate): Certificate => ({
  subject: nameOf(certificate.subject),
  issuer: nameOf(certificate.issuer),
  names: namesOf(certificate),
  validFrom: Date.parse(certificate.valid_from),
  validTo: Date.parse(certificate.valid_to),
  fingerprint256: certificate.fingerprint256,
});

/** A part may come several times, and then is a list. */
function nameOf(name: PeerCertificate['subject'] | undefined): string {
  const first = (part: string | readonly string[] | undefined): string | undefined =>
    Array.isArray(part) ? String(part[0]) : part?.toString();
  return first(name?.CN) ?? first(name?.O) ?? '?';
}

function namesOf({ subjectaltname, subject }: PeerCertificate): string[] {
  const names = (subjectaltname ?? '').split(', ').map((name) => name.replace(/^[^:]*:/, ''));
  return names.some((name) => name !== '') ? names.filter((name) => name !== '') : [nameOf(subject)];
}
