import { isIP, isIPv6, type Socket } from 'node:net';

import type { Admitted, EgressConnectOptions, EgressGuard, ResolvedAddress } from './egress-guard.js';
import { readHead, readBytes } from './socket-reader.js';
import { isPublicAddress } from './special-addresses.js';

/** A proxy that the operator defined. */
export interface ProxySettings {
  readonly kind: 'http' | 'socks5';
  readonly host: string;
  readonly port: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** It is told every name as it stands, and looks it up itself. */
  readonly resolvesNames?: boolean;
}

/** Addresses of one name that are tried, if the proxy reaches none before. */
const MOST_TRIED = 3;

/** The proxy does not open the way. Holds nothing that it was told in secret. */
export class ProxyError extends Error {
  readonly code = 'EPROXY';
}

/** It was asked and does not reach what it was asked for. */
class NotReached extends ProxyError {}

/**
 * Opens connections through a proxy: HTTP CONNECT (RFC 9110 §9.3.6) or SOCKS5 (RFC 1928, user names RFC 1929). The proxy
 * itself is reached wherever it is, as the operator named it. The destination is checked here, and the proxy is told the
 * checked address: a name that answers differently the second time gains nothing. A name that has no address here, or a
 * private one that the operator vouched for, is the proxy's to resolve.
 */
export class ProxyDialer {
  constructor(
    private readonly proxy: ProxySettings,
    private readonly guard: Pick<EgressGuard, 'check' | 'vouched'>,
  ) {}

  /** @throws EgressRefusedError, ProxyError */
  async connect(options: EgressConnectOptions): Promise<Socket> {
    return (await this.admit(options)).dial(options.timeoutMs);
  }

  async admit(options: EgressConnectOptions): Promise<Admitted> {
    const addresses = await this.guard.check(options);
    const targets = this.#targets(options.host, addresses);
    return {
      addresses,
      dial: (timeoutMs) => this.#dial({ ...options, timeoutMs }, targets, performance.now() + timeoutMs),
    };
  }

  /** @param end on the clock of `performance.now()`, in milliseconds */
  async #dial(
    options: EgressConnectOptions,
    [target = options.host, ...others]: readonly string[],
    end: number,
  ): Promise<Socket> {
    try {
      return await this.#open({ ...options, timeoutMs: Math.max(1, Math.ceil(end - performance.now())) }, target);
    } catch (error) {
      if (others.length === 0 || !(error instanceof NotReached)) throw error;
      return this.#dial(options, others, end);
    }
  }

  /** IPv4 first: what lies behind a proxy speaks IPv6 less often than what is here. */
  #targets(host: string, addresses: readonly ResolvedAddress[]): readonly string[] {
    if (this.proxy.resolvesNames === true || isIP(host) !== 0) return [host];
    return addresses
      .filter(({ address }) => isPublicAddress(address))
      .sort((a, b) => a.family - b.family)
      .slice(0, MOST_TRIED)
      .map(({ address }) => address);
  }

  /** @param target the host, or the address of it that the proxy is told */
  async #open({ host, port, timeoutMs }: EgressConnectOptions, target: string): Promise<Socket> {
    const socket = await this.#reach(timeoutMs);
    const slow = setTimeout(() => socket.destroy(new ProxyError('The proxy does not answer.')), timeoutMs);
    try {
      await (this.proxy.kind === 'http' ? this.#overHttp(socket, target, port) : this.#overSocks(socket, target, port));
      return socket;
    } catch (error) {
      socket.destroy();
      if (!(error instanceof NotReached) || target === host) throw error;
      throw new NotReached(`${error.message} ${aboutAddress(host)}`, { cause: error });
    } finally {
      clearTimeout(slow);
    }
  }

  /** What keeps the proxy from being reached says nothing about the destination. */
  async #reach(timeoutMs: number): Promise<Socket> {
    const { host, port } = this.proxy;
    return this.guard.vouched({ host, port, timeoutMs }).catch((error: unknown) => {
      const { code } = Object(error) as { code?: unknown }; // Object() makes any value indexable; a text or not
      throw new ProxyError(`The proxy ${host}:${port} cannot be reached (${String(code)}).`, { cause: error });
    });
  }

  async #overHttp(socket: Socket, host: string, port: number): Promise<void> {
    const target = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
    const { username, password = '' } = this.proxy;
    const credentials = username === undefined ? undefined : Buffer.from(`${username}:${password}`).toString('base64');
    const authorization = credentials === undefined ? '' : `Proxy-Authorization: Basic ${credentials}\r\n`;
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`);
    const head = await readHead(socket);
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
    if (status < 200 || status > 299) throw httpRefusal(status, target);
  }

  async #overSocks(socket: Socket, host: string, port: number): Promise<void> {
    const { username, password = '' } = this.proxy;
    socket.write(Buffer.from(username === undefined ? [5, 1, NO_AUTH] : [5, 2, NO_AUTH, BY_PASSWORD]));
    const [version, method] = await readBytes(socket, 2);
    if (version !== 5) throw new ProxyError('What answers is not a SOCKS5 proxy.');
    if (method === BY_PASSWORD && username !== undefined) await signIn(socket, username, password);
    else if (method !== NO_AUTH) throw new ProxyError('The proxy wants another sign-in: set user name and password.');
    socket.write(Buffer.concat([Buffer.from([5, 1, 0]), socksAddress(host), Buffer.from([port >> 8, port & 255])]));
    const [, status, , kind, first = 0] = await readBytes(socket, 5);
    if (status !== 0)
      throw new NotReached(`The proxy does not reach ${host}:${port} (${SOCKS_REFUSALS[status ?? 1] ?? status}).`);
    await readBytes(socket, (kind === 1 ? 3 : kind === 4 ? 15 : first) + 2);
  }
}

const NO_AUTH = 0;
const BY_PASSWORD = 2;
/** RFC 1928 §6. */
const SOCKS_REFUSALS: readonly string[] = [
  '',
  'general failure',
  'not allowed by its rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'time to live expired',
  'command not supported',
  'address type not supported',
];

const aboutAddress = (host: string): string =>
  `It is an address of ${host}; if the proxy judges by names, set "resolvesNames" of the connector.`;

function httpRefusal(status: number, target: string): ProxyError {
  if (status === 407) return new ProxyError('The proxy wants another sign-in: check its user name and password.');
  if (status === 0) return new ProxyError('What answers is not an HTTP proxy.');
  return new NotReached(`The proxy does not open the way to ${target} (HTTP status ${status}).`);
}

async function signIn(socket: Socket, username: string, password: string): Promise<void> {
  const [name, secret] = [Buffer.from(username), Buffer.from(password)];
  if (name.length > 255 || secret.length > 255)
    throw new ProxyError('User name and password of a SOCKS5 proxy have at most 255 bytes.');
  socket.write(Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([secret.length]), secret]));
  const [, status] = await readBytes(socket, 2);
  if (status !== 0) throw new ProxyError('The proxy wants another sign-in: check its user name and password.');
}

/** RFC 1928 §5: an IPv4 address, or a name; an IPv6 address by its 16 bytes. */
function socksAddress(host: string): Buffer {
  if (isIP(host) === 4) return Buffer.from([1, ...host.split('.').map(Number)]);
  if (isIP(host) === 6) return Buffer.concat([Buffer.from([4]), ipv6Bytes(host)]);
  return Buffer.concat([Buffer.from([3, host.length]), Buffer.from(host, 'ascii')]);
}

/** `URL` writes an IPv4 tail as two groups. */
function ipv6Bytes(address: string): Buffer {
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => '0');
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
