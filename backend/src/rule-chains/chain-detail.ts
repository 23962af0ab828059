import type { RuleChainDetail } from '@signalpost/contracts';
import { descriptorOf, type RuleChainDefinition, type RuleNode, validateChain } from '@signalpost/rule-nodes';

import type { StoredChain } from './chain-store.js';
import { toView } from './chain-view.js';
import { nodeDebug } from './node-debug.js';

type NodeView = RuleChainDetail['nodes'][number];

/** A chain with its nodes, in the order in which messages can reach them. */
export function toDetail(chain: StoredChain, now: number): RuleChainDetail {
  const { definition } = chain;
  const nodes = definition === null ? [] : inOrder(definition).map((node) => viewOf(node, definition, chain, now));
  return { ...toView(chain), nodes };
}

function viewOf(node: RuleNode, definition: RuleChainDefinition, { debug }: StoredChain, now: number): NodeView {
  const descriptor = descriptorOf(node.type);
  const type = foreignType(node) ?? node.type;
  return {
    id: node.id,
    name: node.name,
    type,
    typeName: descriptor?.name ?? type.split('.').at(-1) ?? type,
    category: descriptor?.category ?? null,
    first: node.id === definition.firstNodeId,
    description: node.layout.description ?? '',
    config: node.config,
    outputs: definition.connections
      .filter(({ from }) => from === node.id)
      .map(({ label, to }) => ({ label, nodeId: to })),
    problems: validateChain(definition)
      .filter(({ nodeId }) => nodeId === node.id)
      .map(({ level, message }) => ({ level, text: message })),
    debug: nodeDebug(debug, node.id, now),
  };
}

function foreignType({ foreign }: RuleNode): string | undefined {
  const type = foreign?.['type'];
  return typeof type === 'string' ? type : undefined;
}

/** Breadth first from the first node; what no message reaches comes last. */
function inOrder({ firstNodeId, nodes, connections }: RuleChainDefinition): RuleNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const reached = new Set<string>(firstNodeId === null ? [] : [firstNodeId]);
  for (const id of reached) for (const { from, to } of connections) if (from === id) reached.add(to);
  const first = [...reached].flatMap((id) => byId.get(id) ?? []);
  return [...first, ...nodes.filter(({ id }) => !reached.has(id))];
}
