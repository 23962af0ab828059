import { z } from 'zod';

import { flag, textOrNull } from '../../../language/config-fields.js';
import { describeNode } from '../../../node/describe-node.js';

export const ruleChainNode = describeNode({
  type: 'flow/rule-chain',
  name: 'rule chain',
  summary: 'Hands the message to another rule chain.',
  help: [
    'The message goes on at the first node of the chosen chain. What its output nodes emit comes back and leaves this',
    'node at the output with the name of the output node. A chain that is already being passed through cannot be entered',
    'again: the message goes to Failure.',
  ].join(' '),
  icon: 'account_tree',
  config: z.object({
    ruleChainId: textOrNull().meta({ title: 'Rule chain', ui: { widget: 'rule-chain' } }),
    forwardMsgToDefaultRuleChain: flag().meta({
      title: "Use the rule chain of the originator's profile where it has one",
      description: 'Kept for ThingsBoard; devices have no profiles here, so the chosen chain is used.',
    }),
  }),
  upgrades: [(config) => ({ ...config, forwardMsgToDefaultRuleChain: false })],
  defaults: { ruleChainId: null, forwardMsgToDefaultRuleChain: false },
  example: { ruleChainId: '2d207550-9a3b-11e8-851b-0b1b022bf58b', forwardMsgToDefaultRuleChain: false },
  outputs: 'custom',
  uses: [],
  thingsboard: { type: 'org.thingsboard.rule.engine.flow.TbRuleChainInputNode', version: 1 },
});
