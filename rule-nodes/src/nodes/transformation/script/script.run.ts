import type { Json, JsonObject, RuleMessage } from '../../../language/rule-message.js';
import { asText, isJsonObject } from '../../../language/key-values.js';
import { implementBatch } from '../../../node/implement-node.js';
import type { Outcome } from '../../../node/outcome.js';
import { chooseScript, runScript, wrongResult } from '../../../node/script.js';
import { scriptTransformNode } from './script.descriptor.js';

export const scriptTransformRun = implementBatch(scriptTransformNode, ({ scriptLang, jsScript, tbelScript }) => {
  const script = chooseScript(scriptLang, jsScript, tbelScript);
  return (messages, { scripts }) => runScript(scripts, script, messages, transformed);
});

function transformed(result: Json | undefined, message: RuleMessage): Outcome {
  const parts = Array.isArray(result) ? result : [result];
  const wrong = parts.find((part) => !isMessage(part));
  if (parts.length > 0 && !parts.every(isMessage)) return wrongResult(message, wrong);
  return {
    kind: 'emitted',
    emissions: parts.filter(isMessage).map((part) => ({ label: 'Success', message: changed(message, part) })),
  };
}

const isMessage = (part: Json | undefined): part is JsonObject =>
  isJsonObject(part) && (part['metadata'] === undefined || part['metadata'] === null || isJsonObject(part['metadata']));

function changed(message: RuleMessage, part: JsonObject): RuleMessage {
  const { msg, metadata, msgType } = part;
  return {
    ...message,
    ...(msg === undefined ? {} : { data: msg, dataType: 'JSON' as const }),
    ...(isJsonObject(metadata) ? { metadata: texts(metadata) } : {}),
    ...(msgType === undefined || msgType === null ? {} : { type: asText(msgType) }),
  };
}

/** Null says that a key has no value: it is left out. */
function texts(metadata: JsonObject): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata)) if (value !== null) result[key] = asText(value);
  return result;
}
