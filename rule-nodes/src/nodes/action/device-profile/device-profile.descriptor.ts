import { z } from 'zod';

import { flag, isTrue } from '../../../language/config-fields.js';
import { describeNode } from '../../../node/describe-node.js';

export const deviceProfileNode = describeNode({
  type: 'action/device-profile',
  name: 'device profile',
  summary: 'Passes messages on; there are no alarm rules in device profiles here.',
  help: [
    "First node of ThingsBoard's root chains up to 4.2, where it looks at the alarm rules of the device's profile. Devices have no",
    'profiles with alarm rules here, so every message goes on at Success, as it does there for a profile without rules.',
  ].join(' '),
  icon: 'settings_input_component',
  config: z.object({
    persistAlarmRulesState: flag().meta({ title: 'Keep the state of alarm rules' }),
    fetchAlarmRulesStateOnStart: flag().meta({ title: 'Fetch the state of alarm rules at start' }),
  }),
  upgrades: [
    (config) => (isTrue(config['persistAlarmRulesState']) ? config : { ...config, fetchAlarmRulesStateOnStart: false }),
  ],
  defaults: { persistAlarmRulesState: false, fetchAlarmRulesStateOnStart: false },
  example: { persistAlarmRulesState: true, fetchAlarmRulesStateOnStart: true },
  outputs: 'custom',
  uses: [],
  thingsboard: { type: 'org.thingsboard.rule.engine.profile.TbDeviceProfileNode', version: 1 },
});
