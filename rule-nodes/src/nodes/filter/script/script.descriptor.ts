import { z } from 'zod';

import { describeNode } from '../../../node/describe-node.js';
import { scriptField, scriptLangField } from '../../../node/script.js';

const SAMPLE = 'return msg.temperature > 20;';

export const scriptFilterNode = describeNode({
  type: 'filter/script',
  name: 'script',
  summary: 'Asks a script whether the message passes.',
  help: 'The script gets msg, metadata and msgType and must return true or false; the message leaves at True or False.',
  icon: 'filter_alt',
  config: z.object({
    scriptLang: scriptLangField(),
    jsScript: scriptField('JS', 'Filter'),
    tbelScript: scriptField('TBEL', 'Filter'),
  }),
  defaults: { scriptLang: 'JS', jsScript: SAMPLE, tbelScript: SAMPLE },
  example: { scriptLang: 'JS', jsScript: 'return msg.temperature < -40 || msg.temperature > 80;', tbelScript: null },
  outputs: ['True', 'False'],
  uses: ['scripts'],
  thingsboard: { type: 'org.thingsboard.rule.engine.filter.TbJsFilterNode', version: 0 },
});
