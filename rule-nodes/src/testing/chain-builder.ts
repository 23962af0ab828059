import { descriptorOf } from '../catalog.js';
import { deriveId } from '../language/derive-id.js';
import type { RuleChainDefinition, RuleNode } from '../language/rule-chain.js';
import type { JsonObject, RuleMessage } from '../language/rule-message.js';
import { compileChain } from '../runner/compile-chain.js';
import type { CompiledChainHandle, PublishedChain } from '../runner/run-types.js';

const TENANT = '0198c0de-0000-7000-8000-00000000000a';
export const DEVICE = '0198c0de-0000-7000-8000-00000000000d';

/** A stable id for a word, so that tests can name nodes and chains. */
export const idOf = (word: string): string => deriveId(TENANT, word, 'test', 0);

type NodeSketch = readonly [type: string, config?: JsonObject, more?: Partial<RuleNode>];

/**
 * A definition from a sketch: nodes by name, connections as `from -Label-> to`. The first node is where messages enter.
 */
export function sketchChain(
  nodes: Readonly<Record<string, NodeSketch>>,
  connections: readonly string[],
): RuleChainDefinition {
  const built = Object.entries(nodes).map(([name, sketch]) => nodeOf(name, sketch));
  return { firstNodeId: built[0]?.id ?? null, nodes: built, connections: connections.map(connectionOf) };
}

function nodeOf(name: string, [type, config, more]: NodeSketch): RuleNode {
  const configVersion = descriptorOf(type)?.configVersion ?? 0;
  return {
    id: idOf(name),
    type,
    name,
    config: config ?? {},
    configVersion,
    debug: false,
    layout: { x: 0, y: 0 },
    ...more,
  };
}

function connectionOf(text: string) {
  const [from = '', label = '', to = ''] = text.split(/ -|-> /);
  return { from: idOf(from), label, to: idOf(to) };
}

/** The definition as a published chain of the test tenant. */
export const publish = (definition: RuleChainDefinition, more: Partial<PublishedChain> = {}): PublishedChain => ({
  tenantId: TENANT,
  chainId: idOf('root'),
  version: 1,
  name: 'root',
  definition,
  ...more,
});

export const compileSketch = (
  nodes: Readonly<Record<string, NodeSketch>>,
  connections: readonly string[],
  more: Partial<PublishedChain> = {},
): CompiledChainHandle => compileChain(publish(sketchChain(nodes, connections), more));

/** A telemetry message of the test device. */
export const telemetry = (data: JsonObject, more: Partial<RuleMessage> = {}): RuleMessage => ({
  id: idOf('message'),
  ts: 1_700_000_000_000,
  type: 'POST_TELEMETRY_REQUEST',
  originator: { entityType: 'DEVICE', id: DEVICE },
  customerId: null,
  metadata: { deviceName: 'Thermostat A1', deviceType: 'thermostat' },
  dataType: 'JSON',
  data,
  ...more,
});

export const entryOf = (message: RuleMessage) => ({ tenantId: TENANT, message, starts: null });
