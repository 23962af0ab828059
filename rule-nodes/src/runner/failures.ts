/** What can go wrong between nodes. */
import type { RuleMessage } from '../language/rule-message.js';
import type { NodeFailure } from '../node/outcome.js';
import type { CompiledChain, CompiledNode } from './compiled-chain.js';

const forGood = (code: string, message: string): NodeFailure => ({ code, message, retryable: false });

export const noRootChain = forGood(
  'no-root-chain',
  'There is no root rule chain. Make one of the rule chains the root chain, then replay this message.',
);
export const noFirstNode = ({ chain: { name } }: CompiledChain): NodeFailure =>
  forGood('no-first-node', `The rule chain "${name}" has no first node. Connect its input to a node.`);
export const placeIsGone = forGood(
  'place-gone',
  'The node where this message was to go on no longer exists. Replay the message from the root chain.',
);
export const tooManyHops = (limit: number): NodeFailure =>
  forGood('hop-limit', `The message has passed ${limit} nodes. Look for a connection that leads back in a circle.`);
export const chainLoops = ({ node: { name } }: CompiledNode): NodeFailure =>
  forGood(
    'rule-chain-loop',
    `The node "${name}" leads into a rule chain that the message is still in. Choose another chain.`,
  );
export const chainIsMissing = ({ node: { name } }: CompiledNode): NodeFailure =>
  forGood(
    'rule-chain-missing',
    `The rule chain that the node "${name}" leads to does not exist. Choose another chain.`,
  );
export const nothingAtFailure = ({ node: { name } }: CompiledNode, message: RuleMessage): NodeFailure =>
  forGood(
    'failure-not-connected',
    message.metadata['error'] ?? `Nothing is connected to Failure of the node "${name}".`,
  );
export const nodeThrew = ({ node: { name } }: CompiledNode, error: unknown): NodeFailure =>
  forGood('node-error', `The node "${name}" broke: ${error instanceof Error ? error.message : String(error)}`);
export const noOutcome = ({ node: { name } }: CompiledNode): NodeFailure =>
  forGood('node-error', `The node "${name}" gave no outcome for the message.`);
