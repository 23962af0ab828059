import { z } from 'zod';

import { describeNode } from '../../../node/describe-node.js';
import { scriptField, scriptLangField } from '../../../node/script.js';

const IDENTITY = 'return {msg: msg, metadata: metadata, msgType: msgType};';

export const scriptTransformNode = describeNode({
  type: 'transformation/script',
  name: 'script',
  summary: 'Changes the message by a script.',
  help: [
    'The script returns an object with msg, metadata and msgType, or an array of such objects: then each becomes a message of',
    'its own. Parts that are left out stay as they were. Values in metadata become text.',
  ].join(' '),
  icon: 'code',
  config: z.object({
    scriptLang: scriptLangField(),
    jsScript: scriptField('JS', 'Transformation'),
    tbelScript: scriptField('TBEL', 'Transformation'),
  }),
  defaults: { scriptLang: 'JS', jsScript: IDENTITY, tbelScript: IDENTITY },
  example: {
    scriptLang: 'JS',
    jsScript: `metadata.temperature = msg.temperature;\n${IDENTITY}`,
    tbelScript: null,
  },
  outputs: ['Success'],
  uses: ['scripts'],
  thingsboard: { type: 'org.thingsboard.rule.engine.transform.TbTransformMsgNode', version: 0 },
});
