import { z } from 'zod';

import { describeNode } from '../../../node/describe-node.js';

export const outputNode = describeNode({
  type: 'flow/output',
  name: 'output',
  summary: 'Hands the message back to the rule chain that called this one.',
  help: [
    'The message leaves the calling rule chain node at the output that has the name of this node. Where this chain was not',
    'called by another one, the message ends here.',
  ].join(' '),
  icon: 'output',
  config: z.object({}),
  defaults: {},
  example: {},
  outputs: [],
  uses: [],
  thingsboard: { type: 'org.thingsboard.rule.engine.flow.TbRuleChainOutputNode', version: 0 },
});
