import { compileChain, type CompiledChainHandle, type RuleChainDefinition } from '@signalpost/rule-nodes/runtime';

import type { Queryable } from '../db/index.js';
import { type DebuggedNodes, debugKey, type NodeDebug } from './debug/index.js';

/** Which version of a chain is the published one, as a batch's claim read it. */
interface Published {
  readonly chainId: string;
  readonly version: number;
  readonly root: boolean;
}

/** Read with each claim: the chains of the claim's tenants as published in that moment, so that a saved change takes effect at once. */
export const PUBLISHED_CHAINS = `
  SELECT json_agg(json_build_array(c.tenant_id, c.id, c.published_version, c.root, nullif(c.debug, '{}'))) FROM rule_chain c
  WHERE c.tenant_id IN (SELECT tenant_id FROM waiting) AND c.published_version IS NOT NULL`;

type PublishedRow = readonly [
  tenantId: string,
  chainId: string,
  version: number,
  root: boolean,
  /** By node id; null: nobody looks. */
  debug: Record<string, NodeDebug> | null,
];

/** Without a name: read on the other pool, so that batches whose transactions hold all connections of theirs never wait for each other. */
const READ_VERSION = `
  SELECT c.name, v.definition FROM rule_chain_version v JOIN rule_chain c ON (c.tenant_id, c.id) = (v.tenant_id, v.chain_id)
  WHERE v.tenant_id = $1 AND v.chain_id = $2 AND v.version = $3`;

/** Compiled chains kept; a version never changes, so an entry is never wrong, only unused. */
const MOST_KEPT = 1000;

/** Compiled chains by version, shared by all batches. */
export class ChainCache {
  readonly #compiled = new Map<string, CompiledChainHandle>();

  /** @param published what `PUBLISHED_CHAINS` gave; null = no tenant of the batch has a chain */
  open(db: Queryable, published: unknown): BatchChains {
    return new BatchChains(this, db, (published ?? []) as readonly PublishedRow[]); // read by PUBLISHED_CHAINS
  }

  async get(db: Queryable, tenantId: string, chainId: string, version: number): Promise<CompiledChainHandle | null> {
    const key = `${tenantId} ${chainId} ${version}`;
    const known = this.#compiled.get(key) ?? (await load(db, tenantId, chainId, version));
    if (known !== null) this.#keep(key, known);
    return known;
  }

  /** Least recently used first out. */
  #keep(key: string, handle: CompiledChainHandle): void {
    this.#compiled.delete(key);
    this.#compiled.set(key, handle);
    if (this.#compiled.size <= MOST_KEPT) return;
    const [oldest] = this.#compiled.keys();
    if (oldest !== undefined) this.#compiled.delete(oldest);
  }
}

async function load(
  db: Queryable,
  tenantId: string,
  chainId: string,
  version: number,
): Promise<CompiledChainHandle | null> {
  const [row] = await db.query<{ name: string; definition: RuleChainDefinition }>(READ_VERSION, [
    tenantId,
    chainId,
    version,
  ]);
  return row === undefined ? null : compileChain({ tenantId, chainId, version, ...row });
}

/** The chains that one batch sees. */
export class BatchChains {
  readonly #roots = new Map<string, Published>();
  readonly #published = new Map<string, Published>();
  readonly #debugged = new Map<string, NodeDebug>();

  constructor(
    private readonly cache: ChainCache,
    private readonly db: Queryable,
    rows: readonly PublishedRow[],
  ) {
    for (const [tenantId, chainId, version, root, debug] of rows) {
      const published = { chainId, version, root };
      this.#published.set(`${tenantId} ${chainId}`, published);
      if (root) this.#roots.set(tenantId, published);
      for (const [nodeId, wanted] of Object.entries(debug ?? {}))
        this.#debugged.set(debugKey(tenantId, nodeId), wanted);
    }
  }

  /** The nodes that somebody looks into. */
  get debugged(): DebuggedNodes {
    return this.#debugged;
  }

  async rootChain(tenantId: string): Promise<CompiledChainHandle | null> {
    const root = this.#roots.get(tenantId);
    return root === undefined ? null : this.cache.get(this.db, tenantId, root.chainId, root.version);
  }

  async chain(tenantId: string, chainId: string, version: number | null): Promise<CompiledChainHandle | null> {
    const wanted = version ?? this.#published.get(`${tenantId} ${chainId}`)?.version;
    return wanted === undefined ? null : this.cache.get(this.db, tenantId, chainId, wanted);
  }
}
