import type { z } from 'zod';

import { deriveId } from '../../../language/derive-id.js';
import { valueTime } from '../../../language/message-ts.js';
import type { Json, RuleMessage } from '../../../language/rule-message.js';
import { parseTemplate } from '../../../language/template.js';
import { implementBatch } from '../../../node/implement-node.js';
import { emit, failed, success, type Outcome } from '../../../node/outcome.js';
import {
  ALARM_SEVERITIES,
  type Alarm,
  type AlarmRaised,
  type AlarmSeverity,
  type AlarmWrite,
  type Ports,
  type ScriptResult,
} from '../../../node/ports.js';
import { callScript, chooseScript, unanswered, wrongResult, type Script } from '../../../node/script.js';
import { alarmMessage, SEVERITY_UPDATED, withPreviousDetails } from '../alarm-message.js';
import { inRounds } from '../in-rounds.js';
import { createAlarmNode } from './create-alarm.descriptor.js';
import { readMessageAlarm, type MessageAlarm } from './message-alarm.js';

type Config = z.output<typeof createAlarmNode.config>;
/** What one message asks for, before its details are known. */
interface Request {
  readonly message: RuleMessage;
  readonly write: Omit<AlarmWrite, 'details'>;
  /** The alarm that the message holds. */
  readonly given: MessageAlarm | null;
}

export const createAlarmRun = implementBatch(createAlarmNode, (config, { nodeId }) => {
  const read = requestReader(config, nodeId);
  const script = chooseScript(config.scriptLang, config.alarmDetailsBuildJs, config.alarmDetailsBuildTbel);
  const scripted = !config.useMessageAlarmData || config.overwriteAlarmDetails;
  return async (messages, ports) => {
    const asked = messages.map(read);
    const requests = asked.filter((each) => 'write' in each);
    const outcomes = await inRounds(requests, alarmKey, (round) => raiseAll(round, scripted ? script : null, ports));
    const rest = outcomes[Symbol.iterator]();
    return asked.map((each) => ('write' in each ? (rest.next().value ?? success(each.message)) : each));
  };
});

const alarmKey = ({ write: { originator, type } }: Request): string =>
  `${originator.entityType}/${originator.id}/${type}`;

// ── what is asked for ────────────────────────────────────────────────────────────────────────────────────────────────
function requestReader(config: Config, nodeId: string): (message: RuleMessage) => Request | Outcome {
  if (config.useMessageAlarmData) return (message) => fromMessage(message, nodeId);
  const [typeOf, severityOf] = [parseTemplate(config.alarmType ?? ''), parseTemplate(config.severity ?? '')];
  return (message) => {
    const severity = asSeverity(severityOf(message));
    if (!severity)
      return failed(message, 'alarm-severity', 'Used incorrect pattern or Alarm Severity not included in message');
    const { propagate, propagateToOwner, propagateToTenant, relationTypes: propagateRelationTypes } = config;
    const spread = { propagate, propagateToOwner, propagateToTenant, propagateRelationTypes };
    return { message, given: null, write: { ...basics(message, nodeId), type: typeOf(message), severity, ...spread } };
  };
}

function fromMessage(message: RuleMessage, nodeId: string): Request | Outcome {
  const given = readMessageAlarm(message.data);
  if (typeof given === 'string') return failed(message, 'message-data', given);
  const known = basics(message, nodeId);
  return {
    message,
    given,
    write: {
      ...known,
      originator: given.originator ?? known.originator,
      type: given.type,
      severity: given.severity,
      startTs: given.startTs ?? known.startTs,
      propagate: given.propagate ?? false,
      propagateToOwner: given.propagateToOwner ?? false,
      propagateToTenant: given.propagateToTenant ?? false,
      propagateRelationTypes: given.propagateRelationTypes ?? [],
    },
  };
}

const basics = (message: RuleMessage, nodeId: string) => ({
  id: deriveId(message.id, nodeId, 'alarm', 0),
  originator: message.originator,
  customerId: message.customerId,
  startTs: valueTime(message),
});

const asSeverity = (text: string): AlarmSeverity | undefined => ALARM_SEVERITIES.find((severity) => severity === text);

// ── what becomes of it ───────────────────────────────────────────────────────────────────────────────────────────────
async function raiseAll(
  requests: readonly Request[],
  script: Script | null,
  { alarms, scripts }: Pick<Ports, 'alarms' | 'scripts'>,
): Promise<Outcome[]> {
  const active = await alarms.findActive(requests.map(({ write }) => write));
  const details = script
    ? await callScript(
        scripts,
        script,
        requests.map((request, index) => withPreviousDetails(request.message, active[index]?.details)),
      )
    : requests.map(givenDetails);
  const writes = requests.flatMap(({ write }, index) => writeOf(write, details[index]) ?? []);
  const raised = (writes.length ? await alarms.raise(writes) : [])[Symbol.iterator]();
  return requests.map(({ write, message }, index) => {
    const answer = details[index];
    if (writeOf(write, answer)) return outcomeOf(message, raised.next().value, active[index]);
    return answer?.ok === true ? wrongResult(message, answer.value) : unanswered(message, answer);
  });
}

const givenDetails = ({ given }: Request): ScriptResult => ({ ok: true, value: given?.details ?? null });

/** Null where the script gave no details. */
function writeOf(write: Request['write'], details: ScriptResult | undefined): AlarmWrite | null {
  if (details?.ok !== true || details.value === undefined) return null;
  const value: Json = details.value;
  return { ...write, details: value };
}

function outcomeOf(message: RuleMessage, raised: AlarmRaised | undefined, before: Alarm | null | undefined): Outcome {
  if (!raised) return emit('False', message);
  const { alarm, change } = raised;
  if (change === 'created') return emit('Created', alarmMessage(message, alarm, 'isNewAlarm'));
  if (change === 'unchanged') return success(message);
  const moved = before && before.severity !== alarm.severity;
  return emit('Updated', alarmMessage(message, alarm, 'isExistingAlarm', ...(moved ? [SEVERITY_UPDATED] : [])));
}
