import type { RuleMessage } from '../language/rule-message.js';
import type { CompiledNode } from './compiled-chain.js';
import type { CallFrame, Continuation } from './run-types.js';

/** Place of a message that has not reached a node; see `Continuation`. */
export const AT_ROOT: CallFrame = {
  chainId: '00000000-0000-0000-0000-000000000000',
  chainVersion: 0,
  nodeId: '00000000-0000-0000-0000-000000000000',
};

type OnTheWay = Pick<Continuation, 'message' | 'stack' | 'hops'>;

export const atRoot = (message: RuleMessage): Continuation => ({ ...AT_ROOT, message, stack: [], hops: 0 });

export const frameOf = ({ scope: { chainId, chainVersion, nodeId } }: CompiledNode): CallFrame => ({
  chainId,
  chainVersion,
  nodeId,
});

/** The message at a node that has not run it. */
export const continuationAt = (node: CompiledNode, { message, stack, hops }: OnTheWay): Continuation => ({
  ...frameOf(node),
  message,
  stack,
  hops,
});

/** The message behind a node, at one of its outputs. */
export const continuationBehind = (frame: CallFrame, way: OnTheWay, label: string): Continuation => ({
  chainId: frame.chainId,
  chainVersion: frame.chainVersion,
  nodeId: frame.nodeId,
  message: way.message,
  stack: way.stack,
  hops: way.hops,
  answered: { label },
});
