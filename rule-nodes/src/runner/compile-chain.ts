/** Makes a published version of a chain ready to run: indexes, configurations checked once, behaviour made once. */
import { closingConnections } from '../language/closing-connections.js';
import type { RuleNode } from '../language/rule-chain.js';
import { upgradeConfig } from '../node/upgrade-config.js';
import type { NodeSite, Prepared } from '../node/implement-node.js';
import type { RuntimeCatalog } from '../node/join-catalog.js';
import { RUNTIME_CATALOG } from '../runtime-catalog.js';
import { CompiledChain, CompiledNode } from './compiled-chain.js';
import type { ChainDefect, CompiledChainHandle, PublishedChain } from './run-types.js';

/**
 * Never throws: what is wrong stands in `problems` of the answer, and a node that cannot run fails the messages that reach
 * it. The answer may be kept as long as the version exists.
 */
export function compileChain(chain: PublishedChain, catalog: RuntimeCatalog = RUNTIME_CATALOG): CompiledChainHandle {
  const problems: ChainDefect[] = [];
  const nodes = new Map<string, CompiledNode>();
  const connected = connectedLabels(chain);
  for (const node of chain.definition.nodes) {
    const labels = connected.get(node.id);
    const prepared = prepare(node, catalog, {
      nodeId: node.id,
      nodeName: node.name,
      isConnected: (label) => labels?.has(label.toLowerCase()) ?? false,
    });
    if (!prepared.ok) problems.push(...prepared.problems.map((text) => ({ nodeId: node.id, text })));
    nodes.set(node.id, new CompiledNode(chain, node, prepared, catalog.get(node.type)?.descriptor.uses ?? []));
  }
  const compiled = new CompiledChain(chain, nodes, problems);
  connect(compiled, problems);
  return compiled;
}

function connectedLabels(chain: PublishedChain): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>();
  for (const { from, label } of chain.definition.connections) {
    const known = labels.get(from) ?? new Set();
    labels.set(from, known.add(label.toLowerCase()));
  }
  return labels;
}

function prepare(node: RuleNode, catalog: RuntimeCatalog, site: NodeSite): Prepared {
  const implementation = catalog.get(node.type);
  if (!implementation) return { ok: false, problems: [unknownType(node)] };
  const upgraded = upgradeConfig(implementation.descriptor.upgrades, node.config, node.configVersion);
  if (!upgraded.ok) return { ok: false, problems: [upgraded.problem] };
  try {
    return implementation.prepare(upgraded.config, site);
  } catch (error) {
    return { ok: false, problems: [`The node could not be set up: ${String(error)}`] };
  }
}

function unknownType(node: RuleNode): string {
  const foreign = node.foreign?.['type'];
  const type = typeof foreign === 'string' ? foreign : node.type;
  return `Signalpost has no node of the type "${type}". Replace or remove the node.`;
}

function connect(compiled: CompiledChain, problems: ChainDefect[]): void {
  const { connections } = compiled.chain.definition;
  const closing = new Set(closingConnections(connections));
  for (const connection of connections) {
    const { from, to, label } = connection;
    const [source, target] = [compiled.nodes.get(from), compiled.nodes.get(to)];
    if (source && target) source.connect(label, target, closing.has(connection));
    else
      problems.push({
        nodeId: source ? from : null,
        text: `A connection "${label}" leads from or to a node that does not exist.`,
      });
  }
}
