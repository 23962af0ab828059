/** What the alarm nodes have in common. */
import { ALARM } from '../../language/message-types.js';
import type { Json, RuleMessage } from '../../language/rule-message.js';
import type { Alarm } from '../../node/ports.js';
import { scriptField, scriptLangField } from '../../node/script.js';

/** Start of the details script: what ThingsBoard publishes, without its example. */
export const KEEP_DETAILS = [
  'var details = {};',
  'if (metadata.prevAlarmDetails) {',
  '    details = JSON.parse(metadata.prevAlarmDetails);',
  '    //remove prevAlarmDetails from metadata',
  '    delete metadata.prevAlarmDetails;',
  '    //now metadata is the same as it comes IN this rule node',
  '}',
  '',
  '',
  'return details;',
].join('\n');

export const detailsScriptFields = () => ({
  scriptLang: scriptLangField(),
  alarmDetailsBuildJs: scriptField('JS', 'Details of the alarm'),
  alarmDetailsBuildTbel: scriptField('TBEL', 'Details of the alarm'),
});

/** What the details script gets: the message, with the previous details as JSON text in metadata where there are any. */
export function withPreviousDetails(message: RuleMessage, details: Json | undefined): RuleMessage {
  if (details === undefined || details === null) return message;
  return { ...message, metadata: { ...message.metadata, prevAlarmDetails: JSON.stringify(details) } };
}

/** Metadata that says what happened, as ThingsBoard names it. */
export type AlarmMark = 'isNewAlarm' | 'isExistingAlarm' | 'isSeverityUpdated' | 'isClearedAlarm';

/** Beside `isExistingAlarm` when the severity changed: ThingsBoard's alarm rules say it, its create alarm node does not. */
export const SEVERITY_UPDATED: AlarmMark = 'isSeverityUpdated';

export function alarmMessage(message: RuleMessage, alarm: Alarm, ...marks: readonly AlarmMark[]): RuleMessage {
  return {
    ...message,
    type: ALARM,
    dataType: 'JSON',
    data: { ...alarm, originator: { ...alarm.originator }, propagateRelationTypes: [...alarm.propagateRelationTypes] },
    metadata: { ...message.metadata, ...Object.fromEntries(marks.map((mark) => [mark, 'true'])) },
    alarmId: alarm.id,
  };
}
