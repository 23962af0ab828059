import { BlockList } from 'node:net';

import { addNetwork, addressFamily, withoutZone } from './special-addresses.js';

interface Entry {
  /** Lower case; undefined: any host of `networks`. */
  readonly host?: string;
  readonly networks?: BlockList;
  /** undefined: every port. */
  readonly port: number | undefined;
}

/** `EGRESS_ALLOW`: `host`, `host:port`, `address`, `address:port`, `[v6]:port`, `network/bits`, `network/bits:port`. */
export class EgressAllowList {
  readonly #entries: readonly Entry[];

  constructor(entries: readonly string[]) {
    this.#entries = entries.map(parseEntry);
  }

  /** By the name that somebody typed. */
  hasHost(host: string, port: number): boolean {
    const name = host.toLowerCase();
    return this.#entries.some((entry) => fits(entry.port, port) && entry.host === name) || this.hasAddress(host, port);
  }

  hasAddress(address: string, port: number): boolean {
    const plain = withoutZone(address);
    const family = addressFamily(plain);
    if (family === undefined) return false;
    return this.#entries.some((entry) => fits(entry.port, port) && entry.networks?.check(plain, family) === true);
  }
}

const fits = (allowed: number | undefined, port: number): boolean => allowed === undefined || allowed === port;

function parseEntry(text: string): Entry {
  const bracketed = /^\[([^\]]+)\](\/\d+)?(?::(\d+))?$/.exec(text);
  const plain = /^([^/:]+)(\/\d+)?(?::(\d+))?$/.exec(text);
  const [, host = text, bits = '', portText] = bracketed ?? plain ?? [];
  const port = portText === undefined ? undefined : Number(portText);
  const networks = new BlockList();
  return addNetwork(networks, host + bits) ? { networks, port } : { host: host.toLowerCase(), port };
}
