import type { RuleMessage } from '../../../language/rule-message.js';
import { implementBatch } from '../../../node/implement-node.js';
import { success } from '../../../node/outcome.js';
import type { LogPort } from '../../../node/ports.js';
import { chooseScript, runScript, wrongResult } from '../../../node/script.js';
import { LOG_EVERYTHING, logNode } from './log.descriptor.js';

type Line = Parameters<LogPort['write']>[0][number];

export const logRun = implementBatch(logNode, ({ scriptLang, jsScript, tbelScript }) => {
  const script = chooseScript(scriptLang, jsScript, tbelScript);
  if (script.source.trim() === LOG_EVERYTHING) return async (messages, { log }) => logAll(messages, log);
  return async (messages, { scripts, log }) => {
    const lines: Line[] = [];
    const outcomes = await runScript(scripts, script, messages, (text, message) => {
      if (typeof text !== 'string') return wrongResult(message, text);
      lines.push({ message, text });
      return success(message);
    });
    await log.write(lines);
    return outcomes;
  };
});

async function logAll(messages: readonly RuleMessage[], log: LogPort) {
  await log.write(messages.map((message) => ({ message, text: everythingOf(message) })));
  return messages.map((message) => success(message));
}

const everythingOf = ({ data, metadata }: RuleMessage): string =>
  `\nIncoming message:\n${JSON.stringify(data)}\nIncoming metadata:\n${JSON.stringify(metadata)}`;
