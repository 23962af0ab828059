import { z } from 'zod';

import { describeNode } from '../../../node/describe-node.js';
import { scriptField, scriptLangField } from '../../../node/script.js';

/** ThingsBoard's published script; it is so common that it is answered without running a script. */
export const LOG_EVERYTHING =
  "return '\\nIncoming message:\\n' + JSON.stringify(msg) + '\\nIncoming metadata:\\n' + JSON.stringify(metadata);";

export const logNode = describeNode({
  type: 'action/log',
  name: 'log',
  summary: 'Writes a line to the log.',
  help: 'The script returns the text of the line. The message goes on unchanged.',
  icon: 'article',
  config: z.object({
    scriptLang: scriptLangField(),
    jsScript: scriptField('JS', 'Text of the line'),
    tbelScript: scriptField('TBEL', 'Text of the line'),
  }),
  defaults: { scriptLang: 'JS', jsScript: LOG_EVERYTHING, tbelScript: LOG_EVERYTHING },
  example: { scriptLang: 'JS', jsScript: "return 'Temperature ' + msg.temperature;", tbelScript: null },
  outputs: ['Success'],
  uses: ['scripts', 'log'],
  thingsboard: { type: 'org.thingsboard.rule.engine.action.TbLogNode', version: 0 },
});
