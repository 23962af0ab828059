import type { RuleMessage } from '../../../language/rule-message.js';
import { parseTemplate } from '../../../language/template.js';
import { implementBatch } from '../../../node/implement-node.js';
import { emit, success, type Outcome } from '../../../node/outcome.js';
import type { Alarm, AlarmPort, Ports } from '../../../node/ports.js';
import { callScript, chooseScript, unanswered, wrongResult, type Script } from '../../../node/script.js';
import { alarmMessage, withPreviousDetails } from '../alarm-message.js';
import { inRounds } from '../in-rounds.js';
import { clearAlarmNode } from './clear-alarm.descriptor.js';

interface Request {
  readonly message: RuleMessage;
  readonly type: string;
}
interface Found {
  readonly message: RuleMessage;
  readonly alarm: Alarm;
}

export const clearAlarmRun = implementBatch(clearAlarmNode, (config) => {
  const typeOf = parseTemplate(config.alarmType ?? '');
  const script = chooseScript(config.scriptLang, config.alarmDetailsBuildJs, config.alarmDetailsBuildTbel);
  return (messages, ports) => {
    const requests = messages.map((message): Request => ({ message, type: typeOf(message) }));
    return inRounds(requests, alarmKey, (round) => clearAll(round, script, ports));
  };
});

const isAlarm = ({ message }: Request): boolean => message.originator.entityType === 'ALARM';
const alarmKey = (request: Request): string =>
  `${request.message.originator.id}/${isAlarm(request) ? '' : request.type}`;

async function clearAll(
  requests: readonly Request[],
  script: Script,
  ports: Pick<Ports, 'alarms' | 'scripts'>,
): Promise<Outcome[]> {
  const alarms = await find(requests, ports.alarms);
  const found = requests.flatMap(({ message }, index): Found[] => {
    const alarm = alarms[index];
    return alarm && !alarm.cleared ? [{ message, alarm }] : [];
  });
  const outcomes = await clearFound(found, script, ports);
  return requests.map(({ message }) => outcomes.get(message) ?? emit('False', message));
}

/** By id where the originator is an alarm, else the active one of the type; in the order of the requests. */
async function find(requests: readonly Request[], alarms: AlarmPort): Promise<(Alarm | null)[]> {
  const [ids, keys] = [requests.filter(isAlarm), requests.filter((request) => !isAlarm(request))];
  const byId = ids.length ? await alarms.findById(ids.map(({ message }) => message.originator.id)) : [];
  const byKey = keys.length
    ? await alarms.findActive(keys.map(({ message, type }) => ({ originator: message.originator, type })))
    : [];
  const [nextById, nextByKey] = [byId[Symbol.iterator](), byKey[Symbol.iterator]()];
  return requests.map((request) => (isAlarm(request) ? nextById : nextByKey).next().value ?? null);
}

async function clearFound(
  found: readonly Found[],
  script: Script,
  { alarms, scripts }: Pick<Ports, 'alarms' | 'scripts'>,
): Promise<Map<RuleMessage, Outcome>> {
  const outcomes = new Map<RuleMessage, Outcome>();
  const answers = await callScript(
    scripts,
    script,
    found.map(({ message, alarm }) => withPreviousDetails(message, alarm.details)),
  );
  const calls = found.flatMap(({ message, alarm }, index) => {
    const answer = answers[index];
    if (answer?.ok === true && answer.value !== undefined) return [{ message, id: alarm.id, details: answer.value }];
    outcomes.set(message, answer?.ok === true ? wrongResult(message, undefined) : unanswered(message, answer));
    return [];
  });
  const cleared = calls.length ? await alarms.clear(calls.map(({ id, details }) => ({ id, details }))) : [];
  for (const [index, { message }] of calls.entries()) outcomes.set(message, outcomeOf(message, cleared[index]));
  return outcomes;
}

/** Somebody else cleared it meanwhile: nothing to tell. */
const outcomeOf = (message: RuleMessage, alarm: Alarm | null | undefined): Outcome =>
  alarm ? emit('Cleared', alarmMessage(message, alarm, 'isClearedAlarm')) : success(message);
