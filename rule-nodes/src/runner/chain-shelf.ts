import { CompiledChain } from './compiled-chain.js';
import type { CompiledChainHandle, RunnerHost } from './run-types.js';

/** The chains of one wave: each is asked for once, so all its messages see the same versions. */
export class ChainShelf {
  readonly #host: RunnerHost;
  readonly #roots = new Map<string, CompiledChain | null>();
  readonly #chains = new Map<string, CompiledChain | null>();

  constructor(host: RunnerHost) {
    this.#host = host;
  }

  /** Without waiting; undefined where `root` has not been asked for the tenant or there is none. */
  knownRoot(tenantId: string): CompiledChain | undefined {
    return this.#roots.get(tenantId) ?? undefined;
  }

  async root(tenantId: string): Promise<CompiledChain | null> {
    const known = this.#roots.get(tenantId);
    if (known !== undefined) return known;
    const chain = compiled(await this.#host.rootChain(tenantId));
    this.#roots.set(tenantId, chain);
    return chain;
  }

  async chain(tenantId: string, chainId: string, version: number | null): Promise<CompiledChain | null> {
    const key = `${tenantId}/${chainId}/${version}`;
    const known = this.#chains.get(key);
    if (known !== undefined) return known;
    const chain = compiled(await this.#host.chain(tenantId, chainId, version));
    this.#chains.set(key, chain);
    return chain;
  }
}

function compiled(handle: CompiledChainHandle | null): CompiledChain | null {
  if (handle === null || handle instanceof CompiledChain) return handle;
  throw new Error('The host must hand out chains that compileChain made.');
}
