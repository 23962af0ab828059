import { z } from 'zod';

import { textOrNull } from '../../../language/config-fields.js';
import { describeNode } from '../../../node/describe-node.js';
import { detailsScriptFields, KEEP_DETAILS } from '../alarm-message.js';

const defaults = {
  scriptLang: 'JS' as const,
  alarmDetailsBuildJs: KEEP_DETAILS,
  alarmDetailsBuildTbel: KEEP_DETAILS,
  alarmType: 'General Alarm',
};

export const clearAlarmNode = describeNode({
  type: 'action/clear-alarm',
  name: 'clear alarm',
  summary: 'Clears the active alarm of the originator.',
  help: [
    'Clears the active alarm of the given type; where the originator is an alarm, that alarm. The message goes on at Cleared as',
    'an ALARM message whose data is the alarm, at False where no alarm was active.',
  ].join(' '),
  icon: 'notifications_off',
  config: z.object({
    ...detailsScriptFields(),
    alarmType: textOrNull().meta({ title: 'Alarm type', ui: { widget: 'template' } }),
  }),
  defaults,
  example: { ...defaults, alarmType: '${deviceType} too hot' },
  outputs: ['Cleared', 'False', 'Success'],
  uses: ['alarms', 'scripts'],
  thingsboard: { type: 'org.thingsboard.rule.engine.action.TbClearAlarmNode', version: 0 },
});
