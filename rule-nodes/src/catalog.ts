/** The descriptors of all nodes, in palette order. */
import type { NodeDescriptor } from './node/describe-node.js';
import { outputNode } from './nodes/flow/output/output.descriptor.js';
import { ruleChainNode } from './nodes/flow/rule-chain/rule-chain.descriptor.js';

export const CATALOG: readonly NodeDescriptor[] = [
  ruleChainNode,
  outputNode,
];

const byType = new Map(CATALOG.map((descriptor) => [descriptor.type as string, descriptor])); // stored types are any text

/** The descriptor of a stored node's type; undefined for `unknown` and for types of a newer version. */
export const descriptorOf = (type: string): NodeDescriptor | undefined => byType.get(type);
