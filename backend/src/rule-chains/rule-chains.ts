import { isDeepStrictEqual } from 'node:util';

import type { ImportedChain, Page, PageQuery, RuleChainView } from '@signalpost/contracts';
import { exportRuleChain } from '@signalpost/rule-nodes/thingsboard';

import { PROVISIONING_ACTOR, type Actor } from '../access/index.js';
import { Audit } from '../audit/index.js';
import type { Database, Saved, UnitOfWork } from '../db/index.js';
import type { EventBus } from '../http/events/index.js';
import { ProblemError, readPage } from '../http/index.js';
import type { MailServers } from '../mail/index.js';
import {
  CHAINS,
  createChain,
  findChain,
  freeName,
  makeRoot,
  newChainId,
  publish,
  removeChain,
  setManaged,
  type StoredChain,
  unlockExcept,
} from './chain-store.js';
import { toView } from './chain-view.js';
import { readFile } from './read-file.js';

/** A chain as the provisioning file names it. */
export interface ChainToProvision {
  /** The parsed JSON of a ThingsBoard rule-chain file. */
  readonly file: unknown;
  readonly name?: string;
  readonly root: boolean;
  readonly managed: boolean;
}

/** Rule chains: the one writer of `rule_chain` and `rule_chain_version`. */
export class RuleChains {
  constructor(
    private readonly database: Database,
    private readonly mailServers: MailServers,
    private readonly events: EventBus,
  ) {}

  list(tenantId: string, query: PageQuery): Promise<Page<RuleChainView>> {
    const keyset = { sql: CHAINS, values: [tenantId], keys: { name: 'text', id: 'uuid' }, order: 'ASC' } as const;
    return readPage(this.database, keyset, query, (row: StoredChain) => toView(row));
  }

  /** Published at once, under a name that is free; the tenant's first chain becomes its root. */
  async import(tenantId: string, file: unknown, actor: Actor, name?: string): Promise<ImportedChain> {
    return this.database.transaction(async (uow) => {
      const id = newChainId();
      const read = await readFile(uow, this.mailServers, tenantId, id, { file, mayDialAnywhere: false, by: actor });
      const title = await freeName(uow, tenantId, name ?? read.name);
      await createChain(uow, tenantId, { id, name: title, description: read.description, managed: false });
      await publish(uow, tenantId, id, read.definition);
      if (await this.#hasNoRoot(uow, tenantId)) await makeRoot(uow, tenantId, id);
      await note(uow, tenantId, 'imported', { id, name: title }, actor);
      this.#tell(uow, tenantId, 'imported', id);
      return { chain: toView(await mustFind(uow, tenantId, id)), report: read.report };
    });
  }

  /** @returns a ThingsBoard rule-chain file; it holds no secrets */
  async export(tenantId: string, id: string): Promise<Record<string, unknown>> {
    const chain = await mustFind(this.database, tenantId, id);
    if (chain.definition === null) throw new ProblemError('not-found');
    return exportRuleChain({
      name: chain.name,
      description: chain.description,
      root: chain.root,
      definition: chain.definition,
    });
  }

  async makeRoot(tenantId: string, id: string, actor: Actor): Promise<RuleChainView> {
    return this.database.transaction(async (uow) => {
      const chain = await mustFind(uow, tenantId, id);
      refuseManaged(chain);
      await makeRoot(uow, tenantId, id);
      await note(uow, tenantId, 'made-root', chain, actor);
      this.#tell(uow, tenantId, 'root', id);
      return toView(await mustFind(uow, tenantId, id));
    });
  }

  async remove(tenantId: string, id: string, actor: Actor): Promise<void> {
    await this.database.transaction(async (uow) => {
      const chain = await mustFind(uow, tenantId, id);
      refuseManaged(chain);
      if (chain.root) throw new ProblemError('root-chain-kept');
      if (await isUsed(uow, tenantId, id)) throw new ProblemError('rule-chain-in-use');
      await removeChain(uow, tenantId, id);
      await note(uow, tenantId, 'deleted', chain, actor);
      this.#tell(uow, tenantId, 'removed', id);
    });
  }

  /**
   * Found by its name; a file equal to the published version writes nothing.
   * @throws ProblemError rule-chain-file-refused
   */
  async provision(uow: UnitOfWork, tenantId: string, { file, name, root, managed }: ChainToProvision): Promise<Saved> {
    const title = name ?? nameInside(file);
    const existing = await findChain(uow, tenantId, { name: title });
    const id = existing?.id ?? newChainId();
    const read = await readFile(uow, this.mailServers, tenantId, id, {
      file,
      mayDialAnywhere: true,
      by: PROVISIONING_ACTOR,
    });
    if (existing === null)
      await createChain(uow, tenantId, { id, name: title, description: read.description, managed });
    const changed = existing === null || !isDeepStrictEqual(existing.definition, read.definition);
    if (changed) await publish(uow, tenantId, id, read.definition);
    const moved = root && existing?.root !== true;
    if (moved) await makeRoot(uow, tenantId, id);
    const marked = existing !== null && existing.managed !== managed;
    if (marked) await setManaged(uow, tenantId, id, managed);
    if (changed || moved || marked) this.#tell(uow, tenantId, 'provisioned', id);
    return { id, change: existing === null ? 'created' : changed || moved || marked ? 'updated' : 'unchanged' };
  }

  unlockExcept(uow: UnitOfWork, tenantId: string, keep: readonly string[]): Promise<readonly string[]> {
    return unlockExcept(uow, tenantId, keep);
  }

  async #hasNoRoot(uow: UnitOfWork, tenantId: string): Promise<boolean> {
    return (await uow.query('SELECT 1 FROM rule_chain WHERE tenant_id = $1 AND root', [tenantId])).length === 0;
  }

  #tell(uow: UnitOfWork, tenantId: string, kind: string, id: string): void {
    uow.afterCommit(() => this.events.publish(tenantId, 'rule-chains', kind, id));
  }
}

async function mustFind(db: Parameters<typeof findChain>[0], tenantId: string, id: string): Promise<StoredChain> {
  const chain = await findChain(db, tenantId, { id });
  if (chain === null) throw new ProblemError('not-found');
  return chain;
}

function note(
  uow: UnitOfWork,
  tenantId: string,
  what: 'imported' | 'made-root' | 'deleted',
  { id, name }: Pick<StoredChain, 'id' | 'name'>,
  actor: Actor,
): Promise<void> {
  return Audit.record(uow, {
    ...actor,
    tenantId,
    action: `rule-chain.${what}`,
    entity: { type: 'rule-chain', id, name },
  });
}

function refuseManaged({ managed }: StoredChain): void {
  if (managed) throw new ProblemError('managed-by-file');
}

/** Whether a rule chain node of another chain's published version names it. */
async function isUsed(uow: UnitOfWork, tenantId: string, id: string): Promise<boolean> {
  const rows = await uow.query(
    `SELECT 1 FROM (${CHAINS}) chain WHERE chain.id <> $2 AND chain.definition::text LIKE '%' || $3 || '%' LIMIT 1`,
    [tenantId, id, id],
  );
  return rows.length > 0;
}

/** The name that a file gives, as far as it can be told before it is read in full. */
function nameInside(file: unknown): string {
  const chain: unknown = typeof file === 'object' && file !== null && 'ruleChain' in file ? file.ruleChain : null;
  const name: unknown = typeof chain === 'object' && chain !== null && 'name' in chain ? chain.name : null;
  if (typeof name === 'string' && name.trim() !== '') return name;
  throw new ProblemError('rule-chain-file-refused', {
    errors: [{ pointer: '/ruleChain/name', message: 'the file has no name for the chain; give one' }],
  });
}
