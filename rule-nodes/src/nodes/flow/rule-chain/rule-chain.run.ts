import { implementPure } from '../../../node/implement-node.js';
import { failed } from '../../../node/outcome.js';
import { ruleChainNode } from './rule-chain.descriptor.js';

export const ruleChainRun = implementPure(ruleChainNode, ({ ruleChainId }) => {
  if (!ruleChainId) {
    return (message) =>
      failed(message, 'rule-chain-missing', 'No rule chain is chosen in this node. Choose one and save the chain.');
  }
  return () => ({ kind: 'enter', chainId: ruleChainId });
});
