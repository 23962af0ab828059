import type { RuleChainView } from '@signalpost/contracts';
import { validateChain } from '@signalpost/rule-nodes';

import type { StoredChain } from './chain-store.js';

/** A chain as people see it, with what would go wrong when it runs. */
export function toView(chain: StoredChain): RuleChainView {
  const { definition } = chain;
  return {
    id: chain.id,
    name: chain.name,
    description: chain.description,
    root: chain.root,
    managed: chain.managed,
    version: chain.published_version,
    nodeCount: definition?.nodes.length ?? 0,
    updatedAt: chain.updated_at.getTime(),
    problems: definition === null ? [] : problemsOf(definition),
  };
}

function problemsOf(definition: NonNullable<StoredChain['definition']>): RuleChainView['problems'] {
  const names = new Map(definition.nodes.map((node) => [node.id, node.name]));
  return validateChain(definition).map(({ level, nodeId, message }) => ({
    level,
    nodeName: nodeId === null ? null : (names.get(nodeId) ?? null),
    text: message,
  }));
}
