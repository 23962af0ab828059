import { z } from 'zod';

import { flag, textOrNull, texts } from '../../../language/config-fields.js';
import { describeNode } from '../../../node/describe-node.js';
import { ALARM_SEVERITIES } from '../../../node/ports.js';
import { detailsScriptFields, KEEP_DETAILS } from '../alarm-message.js';

const isSeverity = (text: string | null): boolean => ALARM_SEVERITIES.some((severity) => severity === text);

const defaults = {
  scriptLang: 'JS' as const,
  alarmDetailsBuildJs: KEEP_DETAILS,
  alarmDetailsBuildTbel: KEEP_DETAILS,
  alarmType: 'General Alarm',
  severity: 'CRITICAL',
  dynamicSeverity: false,
  propagate: false,
  propagateToOwner: false,
  propagateToTenant: false,
  relationTypes: [],
  useMessageAlarmData: false,
  overwriteAlarmDetails: false,
};

export const createAlarmNode = describeNode({
  type: 'action/create-alarm',
  name: 'create alarm',
  summary: 'Raises an alarm on the originator, or updates the active one of the same type.',
  help: [
    'The script makes the details; metadata.prevAlarmDetails holds the details of the active alarm as JSON text. The message',
    'goes on as an ALARM message whose data is the alarm: at Created for a new one, at Updated for a change, unchanged at',
    'Success where nothing changed. metadata says isNewAlarm or isExistingAlarm, and isSeverityUpdated when that changed.',
  ].join(' '),
  icon: 'add_alert',
  config: z
    .object({
      ...detailsScriptFields(),
      alarmType: textOrNull().meta({
        title: 'Alarm type',
        ui: { widget: 'template', showWhen: { field: 'useMessageAlarmData', isOneOf: [false] } },
      }),
      severity: textOrNull().meta({
        title: 'Severity',
        description: 'CRITICAL, MAJOR, MINOR, WARNING or INDETERMINATE; a template where it comes from the message.',
        ui: { widget: 'template', showWhen: { field: 'useMessageAlarmData', isOneOf: [false] } },
      }),
      dynamicSeverity: flag().meta({ title: 'Take the severity from the message' }),
      propagate: flag().meta({ title: 'Show the alarm at related entities' }),
      propagateToOwner: flag().meta({ title: 'Show the alarm at the owner' }),
      propagateToTenant: flag().meta({ title: 'Show the alarm at the tenant' }),
      relationTypes: texts().meta({
        title: 'Relation types',
        description: 'Empty: all.',
        ui: { widget: 'chips', showWhen: { field: 'propagate', isOneOf: [true] } },
      }),
      useMessageAlarmData: flag().meta({ title: 'The message holds the alarm' }),
      overwriteAlarmDetails: flag(true).meta({
        title: 'Replace its details by those of the script',
        ui: { showWhen: { field: 'useMessageAlarmData', isOneOf: [true] } },
      }),
    })
    .refine((config) => config.useMessageAlarmData || config.dynamicSeverity || isSeverity(config.severity), {
      path: ['severity'],
      error: ({ input }) =>
        `Incorrect Alarm Severity value: ${severityIn(input)}. Choose one of ${ALARM_SEVERITIES.join(', ')}.`,
    })
    .refine((config) => config.useMessageAlarmData || Boolean(config.alarmType), {
      path: ['alarmType'],
      error: 'The alarm needs a type. Enter one, for example "High temperature".',
    }),
  defaults,
  example: {
    ...defaults,
    alarmType: '${deviceType} too hot',
    severity: '$[severity]',
    dynamicSeverity: true,
    propagate: true,
    relationTypes: ['Contains'],
  },
  outputs: ['Created', 'Updated', 'False', 'Success'],
  uses: ['alarms', 'scripts'],
  thingsboard: { type: 'org.thingsboard.rule.engine.action.TbCreateAlarmNode', version: 0 },
});

const severityIn = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'severity' in input ? String(input.severity) : 'none';
