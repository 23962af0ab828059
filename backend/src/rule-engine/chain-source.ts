import { compileChain, type CompiledChainHandle, type RuleChainDefinition } from '@signalpost/rule-nodes/runtime';

import type { Queryable } from '../db/index.js';
import { type DebuggedNodes, debugKey, type NodeDebug } from './debug/index.js';

/** Which version of a chain is the published one, as a batch's first statement read it. */
interface Published {
  readonly chainId: string;
  readonly version: number;
  readonly root: boolean;
}

interface PublishedRow {
  tenant_id: string;
  id: string;
  published_version: number;
  root: boolean;
  /** By node id; null: nobody looks. */
  debug: Record<string, NodeDebug> | null;
}

const READ_PUBLISHED = {
  name: 'engine-published-chains',
  text: `SELECT tenant_id, id, published_version, root, nullif(debug, '{}') AS debug FROM rule_chain
         WHERE tenant_id = ANY($1::uuid[]) AND published_version IS NOT NULL`,
};

const READ_VERSION = {
  name: 'engine-chain-version',
  text: `SELECT c.name, v.definition FROM rule_chain_version v JOIN rule_chain c ON (c.tenant_id, c.id) = (v.tenant_id, v.chain_id)
         WHERE v.tenant_id = $1 AND v.chain_id = $2 AND v.version = $3`,
};

/** Compiled chains kept; a version never changes, so an entry is never wrong, only unused. */
const MOST_KEPT = 1000;

/** Compiled chains by version, shared by all batches. */
export class ChainCache {
  readonly #compiled = new Map<string, CompiledChainHandle>();

  /** The chains of these tenants as published now: a batch's first statement, so that a saved change takes effect at once. */
  async open(db: Queryable, tenantIds: readonly string[]): Promise<BatchChains> {
    const rows = await db.query<PublishedRow>(READ_PUBLISHED, [tenantIds]);
    return new BatchChains(this, db, rows);
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
    for (const row of rows) {
      const published = { chainId: row.id, version: row.published_version, root: row.root };
      this.#published.set(`${row.tenant_id} ${row.id}`, published);
      if (row.root) this.#roots.set(row.tenant_id, published);
      for (const [nodeId, wanted] of Object.entries(row.debug ?? {}))
        this.#debugged.set(debugKey(row.tenant_id, nodeId), wanted);
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
