import { request as httpRequest, type IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import { endpointOf, type EgressConnectOptions, type EgressGuard } from './egress-guard.js';

/** Opens TCP connections: the egress guard, or a proxy in front of it. */
export interface Dialer {
  connect(options: EgressConnectOptions): Promise<Socket>;
}

/** Why no answer came. The message is for people and holds no part of the request's body. */
export class FetchError extends Error {
  constructor(
    readonly kind: 'address' | 'egress' | 'unreachable' | 'tls' | 'timeout' | 'too-large',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface FetchOptions {
  /** `host:port` pairs that the operator vouched for: reached although private, and without TLS too. */
  readonly allowed?: readonly string[];
  /** Instead of dialling directly. */
  readonly dialer?: Dialer;
  /** The whole exchange. */
  readonly timeoutMs?: number;
}

export interface GuardedFetchDefaults {
  /** PEM of authorities that are trusted besides the system's. */
  readonly ca?: readonly string[];
  readonly maxBytes?: number;
  /** Of an exchange whose options name none. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 1024 * 1024;
/** Answers that must not have a body (RFC 9110 §6.4.1); `Response` refuses one. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * The one HTTP client for addresses that people typed: dials through the egress guard, checks certificates, follows no
 * redirect (it would lead around the guard, and RFC 9700 §4.12 forbids it for tokens), reads a bounded body.
 */
export class GuardedFetch {
  constructor(
    private readonly guard: EgressGuard,
    private readonly defaults: GuardedFetchDefaults = {},
  ) {}

  /** @throws FetchError when there is no answer; every status is an answer */
  async fetch(input: Request, options: FetchOptions = {}): Promise<Response> {
    const url = new URL(input.url);
    const target = {
      host: hostOf(url),
      port: portOf(url),
      timeoutMs: options.timeoutMs ?? this.defaults.timeoutMs ?? TIMEOUT_MS,
      allowed: options.allowed ?? [],
    };
    const vouched = target.allowed.includes(endpointOf(target.host, target.port));
    const inClear = url.protocol === 'http:' && (vouched || this.guard.isListed(target.host, target.port));
    if (url.protocol !== 'https:' && !inClear)
      throw new FetchError('address', `${url.origin} is not reached without TLS. Use an https address.`);
    const body = Buffer.from(await input.arrayBuffer());
    const signal = AbortSignal.timeout(target.timeoutMs);
    const dialer = options.dialer ?? this.guard;
    try {
      const raw = await dialer.connect(target);
      const socket = url.protocol === 'https:' ? await this.#secure(raw, target.host, signal) : raw;
      return await this.#exchange(socket, url, input, body, signal);
    } catch (error) {
      throw toFetchError(error, url, signal.aborted);
    }
  }

  #secure(raw: Socket, host: string, signal: AbortSignal): Promise<TLSSocket> {
    const { ca } = this.defaults;
    const names = isIP(host) === 0 ? { servername: host } : { host };
    return new Promise((resolve, reject) => {
      const socket = connectTls({ socket: raw, ...names, ...(ca === undefined ? {} : { ca: [...ca] }) });
      signal.addEventListener('abort', () => socket.destroy(new Error('aborted')), { once: true });
      socket.once('secureConnect', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  #exchange(socket: Socket, url: URL, input: Request, body: Buffer, signal: AbortSignal): Promise<Response> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        createConnection: () => socket,
        method: input.method,
        path: url.pathname + url.search,
        headers: {
          ...Object.fromEntries(input.headers),
          host: url.host,
          'content-length': body.length,
          connection: 'close',
        },
        signal,
      });
      request.once('error', reject);
      request.once('response', (message) => {
        this.#read(message).then(resolve, reject);
      });
      request.end(body);
    });
  }

  async #read(message: IncomingMessage): Promise<Response> {
    const limit = this.defaults.maxBytes ?? MAX_BYTES;
    const chunks: Buffer[] = [];
    let size = 0;
    const received = message as AsyncIterable<Buffer>; // no encoding is set, so chunks are buffers
    for await (const chunk of received) {
      size += chunk.length;
      if (size > limit) {
        message.destroy();
        throw new FetchError('too-large', `The answer is larger than ${limit} bytes.`);
      }
      chunks.push(chunk);
    }
    const status = message.statusCode ?? 502;
    const headers = Object.entries(message.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    return new Response(WITHOUT_BODY.has(status) ? null : Buffer.concat(chunks), { status, headers });
  }
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');
const portOf = (url: URL): number => (url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port));

function toFetchError(error: unknown, url: URL, timedOut: boolean): FetchError {
  if (error instanceof FetchError) return error;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (timedOut || code === 'ETIMEDOUT')
    return new FetchError('timeout', `${url.host} did not answer in time.`, { cause: error });
  if (code === 'EGRESS_REFUSED') return new FetchError('egress', text, { cause: error });
  if (/CERT|SSL|TLS|SIGNATURE|SELF_SIGNED|ISSUER/.test(code))
    return new FetchError(
      'tls',
      `The certificate of ${url.host} cannot be trusted, or it does not speak TLS (${code}).`,
      { cause: error },
    );
  return new FetchError('unreachable', `${url.host} cannot be reached (${code || text}).`, { cause: error });
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
