import { type DebugSwitch, type NodeDebug, type RuleChainDetail } from '@signalpost/contracts';

import type { Actor } from '../access/index.js';
import { Audit } from '../audit/index.js';
import type { Clock, Database, Queryable } from '../db/index.js';
import type { EventBus } from '../http/events/index.js';
import { ProblemError } from '../http/index.js';
import { toDetail } from './chain-detail.js';
import { findChain, type StoredChain } from './chain-store.js';
import { nodeDebug, saveNodeDebug } from './node-debug.js';

const MINUTE_MS = 60_000;

/** Looking into one chain: its nodes, and what of them is recorded. */
export class ChainDetails {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly events: Pick<EventBus, 'publish'>,
  ) {}

  async get(tenantId: string, chainId: string): Promise<RuleChainDetail> {
    return toDetail(await mustFind(this.database, tenantId, chainId), this.clock.now());
  }

  /** Takes effect with the next batch, on every instance. A chain of the provisioning file may be looked into, too. */
  async switchDebug(
    place: { readonly tenantId: string; readonly chainId: string; readonly nodeId: string },
    { failures, minutes }: DebugSwitch,
    actor: Actor,
  ): Promise<NodeDebug> {
    const { tenantId, chainId, nodeId } = place;
    const after = { failures, allUntil: minutes === 0 ? null : this.clock.now() + minutes * MINUTE_MS };
    await this.database.transaction(async (uow) => {
      const chain = await mustFind(uow, tenantId, chainId);
      const node = chain.definition?.nodes.find(({ id }) => id === nodeId);
      if (node === undefined) throw new ProblemError('not-found');
      await saveNodeDebug(uow, place, after);
      await Audit.record(uow, {
        ...actor,
        tenantId,
        action: 'rule-chain.debug-changed',
        entity: { type: 'rule-chain', id: chainId, name: chain.name },
        changes: [
          { field: node.name, before: { ...nodeDebug(chain.debug, nodeId, this.clock.now()) }, after: { ...after } },
        ],
      });
      uow.afterCommit(() => this.events.publish(tenantId, 'rule-chains', 'debug', chainId));
    });
    return after;
  }
}

async function mustFind(db: Queryable, tenantId: string, id: string): Promise<StoredChain> {
  const chain = await findChain(db, tenantId, { id });
  if (chain === null) throw new ProblemError('not-found');
  return chain;
}
