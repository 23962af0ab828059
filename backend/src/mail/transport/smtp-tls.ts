import type { Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type DetailedPeerCertificate } from 'node:tls';

import type { OutboundSettings } from '@signalpost/contracts';

type TlsSettings = Pick<
  OutboundSettings,
  | 'host'
  | 'tls'
  | 'tlsMinVersion'
  | 'checkServerIdentity'
  | 'pinnedCertificate'
  | 'ca'
  | 'clientCertificate'
  | 'ehloName'
>;

/** How TLS to a server is spoken and judged. Own CAs stand in place of the program's. */
export function tlsOptions(settings: TlsSettings): ConnectionOptions {
  const { tlsMinVersion, checkServerIdentity, ca, clientCertificate } = settings;
  return {
    minVersion: tlsMinVersion,
    ...(checkServerIdentity ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate === undefined
      ? {}
      : { cert: clientCertificate.certificate, key: clientCertificate.privateKey }),
  };
}

/** The server shows another certificate than the one that is accepted. */
export class PinMismatchError extends Error {
  readonly code = 'ERR_TLS_CERT_PINNED';
}

const plainHex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();
const sameAs = (pin: string, { fingerprint256 }: Pick<DetailedPeerCertificate, 'fingerprint256'>): boolean =>
  plainHex(pin) === plainHex(fingerprint256);

/**
 * For a server whose one certificate is accepted whoever signed it. TLS trusts certificates, not fingerprints: so it is
 * fetched once, over a connection that says nothing of us, and from then on it alone is trusted.
 */
export class PinnedCertificate {
  #options: Promise<ConnectionOptions> | undefined;

  /** @param dial opens a connection of its own to the server */
  constructor(
    private readonly settings: TlsSettings & { readonly pinnedCertificate: string },
    private readonly dial: () => Promise<Socket>,
    private readonly timeoutMs: number,
  ) {}

  /** @throws PinMismatchError; whatever keeps a handshake from being done */
  options(): Promise<ConnectionOptions> {
    this.#options ??= this.#fetch().catch((error: unknown) => {
      this.#options = undefined;
      throw error;
    });
    return this.#options;
  }

  async #fetch(): Promise<ConnectionOptions> {
    const { pinnedCertificate: pin } = this.settings;
    const socket = await this.dial();
    const patience = setTimeout(() => socket.destroy(new Error('The server does not answer')), this.timeoutMs);
    try {
      if (this.settings.tls === 'starttls') await askForTls(socket, this.settings.ehloName ?? '[127.0.0.1]');
      const certificate = await shown(socket, tlsOptions(this.settings));
      if (!sameAs(pin, certificate))
        throw new PinMismatchError(`The certificate has the fingerprint ${certificate.fingerprint256}`);
      return {
        ...tlsOptions(this.settings),
        ca: pemOf(certificate.raw),
        allowPartialTrustChain: true,
        checkServerIdentity: (_host, peer) =>
          sameAs(pin, peer) ? undefined : new PinMismatchError('The certificate has another fingerprint'),
      };
    } finally {
      clearTimeout(patience);
      socket.destroy();
    }
  }
}

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

function shown(socket: Socket, options: ConnectionOptions): Promise<DetailedPeerCertificate> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({ socket, minVersion: options.minVersion, rejectUnauthorized: false }, () => {
      resolve(secure.getPeerCertificate(true));
      secure.destroy();
    });
    secure.once('error', reject);
    secure.once('close', () => reject(new Error('The server closed the connection during the TLS handshake')));
  });
}

/** RFC 3207 §4. */
async function askForTls(socket: Socket, name: string): Promise<void> {
  const replies = repliesOf(socket);
  await expectReply(replies, 220);
  socket.write(`EHLO ${name}\r\n`);
  await expectReply(replies, 250);
  socket.write('STARTTLS\r\n');
  await expectReply(replies, 220);
  await replies.return(undefined);
}

async function expectReply(replies: AsyncGenerator<string, undefined, undefined>, wanted: number): Promise<void> {
  const { value: response = '' } = await replies.next();
  const responseCode = Number(response.slice(0, 3));
  if (responseCode === wanted) return;
  throw Object.assign(new Error(`The server answers ${response}`), { response, responseCode, command: 'STARTTLS' });
}

/** The last line of each reply. */
async function* repliesOf(socket: Socket): AsyncGenerator<string, undefined, undefined> {
  let rest = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    const lines = (rest + String(chunk)).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (/^\d{3}( |$)/.test(line)) yield line;
  }
  throw new Error('The server hung up');
}
