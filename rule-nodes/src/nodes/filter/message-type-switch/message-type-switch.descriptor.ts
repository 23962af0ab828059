import { z } from 'zod';

import { MESSAGE_TYPE_LABELS, OTHER } from '../../../language/message-types.js';
import { describeNode } from '../../../node/describe-node.js';

export const messageTypeSwitchNode = describeNode({
  type: 'filter/message-type-switch',
  name: 'message type switch',
  summary: 'Sorts messages by their type.',
  help: 'Each message leaves at the output of its type, for example Post telemetry; types without an output of their own leave at Other.',
  icon: 'alt_route',
  config: z.object({}),
  defaults: {},
  example: {},
  outputs: [...Object.values(MESSAGE_TYPE_LABELS), OTHER],
  uses: [],
  thingsboard: { type: 'org.thingsboard.rule.engine.filter.TbMsgTypeSwitchNode', version: 0 },
});
