/** Looks through a chain's definition for what would go wrong when it runs: for the editor, an import and before publishing. */
import { descriptorOf } from '../catalog.js';
import { FAILURE, type NodeDescriptor, outputsOf } from '../node/describe-node.js';
import { upgradeConfig } from '../node/upgrade-config.js';
import { closingConnections } from './closing-connections.js';
import type { RuleChainDefinition, RuleConnection, RuleNode } from './rule-chain.js';
import { problemsOf } from './zod-problems.js';

export interface ChainProblem {
  /** Stable, kebab-case. */
  readonly code:
    | 'no-nodes'
    | 'no-first-node'
    | 'first-node-missing'
    | 'duplicate-node-id'
    | 'dangling-connection'
    | 'self-connection'
    | 'cycle'
    | 'unknown-output'
    | 'unknown-node-type'
    | 'invalid-config';
  /** null: the chain as a whole. */
  readonly nodeId: string | null;
  /** Chains with errors should not be published; messages that reach the node fail. */
  readonly level: 'error' | 'warning';
  readonly message: string;
}

/** All problems of a definition, in the order of its nodes; empty: it can be published. */
export function validateChain(definition: RuleChainDefinition): ChainProblem[] {
  return [
    ...firstNodeProblems(definition),
    ...duplicateIds(definition.nodes),
    ...definition.nodes.flatMap(nodeProblems),
    ...definition.connections.flatMap((connection) => connectionProblems(connection, definition)),
    ...cycles(definition),
  ];
}

const error = (code: ChainProblem['code'], nodeId: string | null, message: string): ChainProblem => ({
  code,
  nodeId,
  level: 'error',
  message,
});
const warning = (code: ChainProblem['code'], nodeId: string | null, message: string): ChainProblem => ({
  code,
  nodeId,
  level: 'warning',
  message,
});

function firstNodeProblems({ firstNodeId, nodes }: RuleChainDefinition): ChainProblem[] {
  if (nodes.length === 0) return [warning('no-nodes', null, 'The chain has no nodes yet. Drag one from the palette.')];
  if (firstNodeId === null)
    return [warning('no-first-node', null, 'No message can enter the chain. Connect its input to a node.')];
  if (nodes.some(({ id }) => id === firstNodeId)) return [];
  return [
    error('first-node-missing', null, 'The input of the chain leads to a node that does not exist. Connect it anew.'),
  ];
}

function duplicateIds(nodes: readonly RuleNode[]): ChainProblem[] {
  const ids = nodes.map(({ id }) => id);
  return nodes
    .filter(({ id }, index) => ids.indexOf(id) !== index)
    .map(({ id, name }) =>
      error('duplicate-node-id', id, `The node "${name}" has the id of another node. Remove it and add it anew.`),
    );
}

function nodeProblems(node: RuleNode): ChainProblem[] {
  const descriptor = descriptorOf(node.type);
  if (!descriptor) return [warning('unknown-node-type', node.id, unknownType(node))];
  return configProblems(node, descriptor).map((text) => error('invalid-config', node.id, `"${node.name}": ${text}`));
}

/** The sentence about a node that this product does not know. */
export function unknownType({ name, type, foreign }: RuleNode): string {
  const known = foreign?.['type'];
  const given = typeof known === 'string' ? known : type;
  return `"${name}" is of the type ${given}, which Signalpost does not know: messages that reach it fail. Replace or remove it.`;
}

function configProblems(node: RuleNode, { upgrades, config }: NodeDescriptor): string[] {
  const upgraded = upgradeConfig(upgrades, node.config, node.configVersion);
  if (!upgraded.ok) return [upgraded.problem];
  const parsed = config.safeParse(upgraded.config);
  return parsed.success ? [] : problemsOf(parsed.error);
}

function connectionProblems({ from, to, label }: RuleConnection, { nodes }: RuleChainDefinition): ChainProblem[] {
  const [source, target] = [nodes.find(({ id }) => id === from), nodes.find(({ id }) => id === to)];
  if (!source || !target)
    return [
      error(
        'dangling-connection',
        source?.id ?? target?.id ?? null,
        `A connection "${label}" leads from or to a node that does not exist. Remove it.`,
      ),
    ];
  if (source === target)
    return [
      error('self-connection', from, `"${source.name}" is connected to itself. Remove the connection "${label}".`),
    ];
  return outputProblem(source, label);
}

function outputProblem(source: RuleNode, label: string): ChainProblem[] {
  const outputs = outputsOfType(source.type);
  if (outputs === null || outputs.some((output) => output.toLowerCase() === label.toLowerCase())) return [];
  const choice = outputs.length ? `It has ${listed(outputs)}.` : 'It has no outputs.';
  return [warning('unknown-output', source.id, `"${source.name}" never emits at "${label}". ${choice}`)];
}

const LISTED = 6;
const listed = (outputs: readonly string[]): string =>
  outputs.length > LISTED ? `${outputs.slice(0, LISTED).join(', ')}, … and ${FAILURE}` : outputs.join(', ');

function outputsOfType(type: string): readonly string[] | null {
  const descriptor = descriptorOf(type);
  return descriptor ? outputsOf(descriptor) : null;
}

/** One problem for each connection that closes a circle. */
function cycles({ nodes, connections }: RuleChainDefinition): ChainProblem[] {
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
  return closingConnections(connections.filter(({ from, to }) => from !== to)).map(({ from, to, label }) =>
    error(
      'cycle',
      from,
      `"${nameOf(from)}" leads back to "${nameOf(to)}" by "${label}": messages would go in circles. Remove a connection.`,
    ),
  );
}
