/** A chain as the runner walks it. */
import type { RuleNode } from '../language/rule-chain.js';
import type { Prepared } from '../node/implement-node.js';
import { failed } from '../node/outcome.js';
import type { Behaviour } from '../node/implement-node.js';
import type { NodeScope, PortName } from '../node/ports.js';
import type { ChainDefect, CompiledChainHandle, PublishedChain } from './run-types.js';

export interface Edge {
  readonly to: CompiledNode;
  /** Closes a cycle: a message that crosses it gets a new id, or the same effects would repeat under the same ids. */
  readonly closesCycle: boolean;
}

const NO_EDGES: readonly Edge[] = [];
/** Labels can be made up by scripts: the memory of spellings is bounded. */
const REMEMBERED_SPELLINGS = 64;

export class CompiledNode {
  readonly scope: NodeScope;
  readonly behaviour: Behaviour;
  /** By label in lower case. */
  readonly outputs = new Map<string, Edge[]>();
  readonly #spellings = new Map<string, readonly Edge[]>();

  constructor(
    readonly chain: PublishedChain,
    readonly node: RuleNode,
    prepared: Prepared,
    readonly uses: readonly PortName[],
  ) {
    const { tenantId, chainId, version } = chain;
    this.scope = { tenantId, chainId, chainVersion: version, nodeId: node.id, nodeName: node.name };
    this.behaviour = prepared.ok ? prepared.behaviour : failEverything(node, prepared.problems);
  }

  connect(label: string, to: CompiledNode, closesCycle: boolean): void {
    const key = label.toLowerCase();
    const edges = this.outputs.get(key) ?? [];
    if (!edges.some((edge) => edge.to === to)) edges.push({ to, closesCycle });
    this.outputs.set(key, edges);
  }

  /** Whether it may read or change anything outside of its messages. */
  get needsMoreThanScripts(): boolean {
    return this.uses.some((port) => port !== 'scripts');
  }

  /** Where messages at an output go; labels are matched without regard to case. */
  edgesAt(label: string): readonly Edge[] {
    const known = this.#spellings.get(label);
    if (known) return known;
    const edges = this.outputs.get(label.toLowerCase()) ?? NO_EDGES;
    if (this.#spellings.size < REMEMBERED_SPELLINGS) this.#spellings.set(label, edges);
    return edges;
  }
}

export class CompiledChain implements CompiledChainHandle {
  constructor(
    readonly chain: PublishedChain,
    readonly nodes: ReadonlyMap<string, CompiledNode>,
    readonly problems: readonly ChainDefect[],
  ) {}

  get firstNode(): CompiledNode | undefined {
    const { firstNodeId } = this.chain.definition;
    return firstNodeId === null ? undefined : this.nodes.get(firstNodeId);
  }
}

function failEverything(node: RuleNode, problems: readonly string[]): Behaviour {
  const text = `The node "${node.name}" cannot run. ${problems.join(' ')}`;
  return { kind: 'pure', run: (message) => failed(message, 'node-misconfigured', text) };
}
