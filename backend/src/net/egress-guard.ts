import { lookup } from 'node:dns/promises';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';

import { EgressAllowList } from './egress-allow.js';
import { isPublicAddress } from './special-addresses.js';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}
/** Every address of a host name. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

const systemResolve: Resolve = (host) => lookup(host, { all: true, order: 'verbatim' });

/** A connection that this side refuses to open. The sentence says what to do. */
export class EgressRefusedError extends Error {
  readonly code = 'EGRESS_REFUSED';

  constructor(host: string, port: number) {
    super(
      `${host}:${port} is not on the public internet, and connections into private networks are closed. ` +
        `Use a public server, or let the operator of Signalpost add "${host}:${port}" to EGRESS_ALLOW.`,
    );
  }
}

export interface EgressConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Name look-up and connecting together. */
  readonly timeoutMs: number;
  /** What may be reached besides public addresses and the operator's list, as `host:port`. */
  readonly allowed?: readonly string[];
}

/** A name that was looked up and checked: exactly these addresses are dialled. */
export interface Admitted {
  readonly addresses: readonly ResolvedAddress[];
  dial(timeoutMs: number): Promise<Socket>;
}

/**
 * Opens connections to hosts that people typed. The name is resolved once, every address is checked, and exactly these
 * addresses are dialled: a name that answers differently the second time (DNS rebinding) gains nothing.
 */
export class EgressGuard {
  readonly #allowed: EgressAllowList;

  constructor(
    allow: readonly string[],
    private readonly resolve: Resolve = systemResolve,
  ) {
    this.#allowed = new EgressAllowList(allow);
  }

  /** Whether the operator listed this host, by name or by address. */
  isListed(host: string, port: number): boolean {
    return this.#allowed.hasHost(host, port);
  }

  /** @throws EgressRefusedError when no address of the host may be reached; system errors of name look-up and TCP */
  async connect(options: EgressConnectOptions): Promise<Socket> {
    const signal = AbortSignal.timeout(options.timeoutMs);
    const addresses = await unlessAborted(this.#permitted(options), signal);
    return dial(options, addresses, signal);
  }

  /** The first half of `connect` alone, for whoever tells the two apart; it throws what `connect` throws. */
  async admit(options: EgressConnectOptions): Promise<Admitted> {
    const addresses = await unlessAborted(this.#permitted(options), AbortSignal.timeout(options.timeoutMs));
    return { addresses, dial: (timeoutMs) => dial(options, addresses, AbortSignal.timeout(timeoutMs)) };
  }

  /**
   * For a way on which another machine resolves and dials: refuses what is private as seen from here.
   * @returns its addresses; none where the name has no address here
   */
  async check(options: EgressConnectOptions): Promise<readonly ResolvedAddress[]> {
    const patience = AbortSignal.timeout(options.timeoutMs);
    return unlessAborted(this.#permitted(options), patience).catch((error: unknown) => {
      if (error instanceof EgressRefusedError || isIP(options.host) !== 0 || isLocalName(options.host)) throw error;
      return [];
    });
  }

  /** To where the operator himself leads. */
  async vouched(options: EgressConnectOptions): Promise<Socket> {
    return this.connect({ ...options, allowed: [endpointOf(options.host, options.port)] });
  }

  async #permitted({ host, port, allowed = [] }: EgressConnectOptions): Promise<readonly ResolvedAddress[]> {
    const family = isIP(host);
    const found = family === 0 ? await this.resolve(host) : [{ address: host, family }];
    const listed = this.isListed(host, port) || allowed.includes(endpointOf(host, port));
    const permitted = found.filter(
      ({ address }) => listed || isPublicAddress(address) || this.#allowed.hasAddress(address, port),
    );
    if (permitted.length === 0) throw new EgressRefusedError(host, port);
    return permitted;
  }
}

/** RFC 6761 §6.3, and names without a dot, which only an inner network knows. */
const isLocalName = (host: string): boolean =>
  /(^|\.)(localhost|local|internal)\.?$/i.test(host) || !host.includes('.');

/** How `allowed` writes a host and a port. */
export const endpointOf = (host: string, port: number): string => `${host}:${port}`;

const timedOut = (): Error => Object.assign(new Error('The connection timed out'), { code: 'ETIMEDOUT' });

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(timedOut()), { once: true });
    work.then(resolve, reject);
  });
}

/** Node tries the addresses in turn (RFC 8305); the lookup hands out the checked ones instead of asking again. */
function dial(
  { port }: EgressConnectOptions,
  addresses: readonly ResolvedAddress[],
  signal: AbortSignal,
): Promise<Socket> {
  const checked: LookupFunction = (_host, _options, callback) => callback(null, [...addresses]);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: 'checked', port, lookup: checked, autoSelectFamily: true, noDelay: true });
    const abort = () => socket.destroy(timedOut());
    const settle = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', (error) => {
      settle();
      reject(error);
    });
    socket.once('connect', () => {
      settle();
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
