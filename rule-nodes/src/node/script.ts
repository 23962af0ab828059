/** What the nodes with a script have in common. */
import { z } from 'zod';

import { textOrNull } from '../language/config-fields.js';
import type { Json, RuleMessage } from '../language/rule-message.js';
import { tbelOnlySyntax } from '../language/tbel.js';
import { failed, slow, type NodeFailure, type Outcome } from './outcome.js';
import type { ScriptLanguage, ScriptPort, ScriptResult } from './ports.js';

const LANGUAGES = ['JS', 'TBEL'] as const satisfies readonly ScriptLanguage[];

/** Exports older than ThingsBoard 3.4 hold no language: JavaScript. */
export const scriptLangField = () =>
  z
    .preprocess((value) => value ?? 'JS', z.enum(LANGUAGES))
    .default('JS')
    .meta({
      title: 'Language',
      description: 'TBEL that is valid JavaScript runs as JavaScript; what only TBEL knows fails.',
      ui: { widget: 'select', choices: { JS: 'JavaScript', TBEL: 'TBEL' } },
    });

export const scriptField = (language: ScriptLanguage, title: string) =>
  textOrNull().meta({
    title,
    description: 'Body of a function with the parameters msg, metadata and msgType.',
    ui: { widget: 'script', language, showWhen: { field: 'scriptLang', isOneOf: [language] } },
  });

export interface Script {
  readonly language: ScriptLanguage;
  readonly source: string;
}

/** The script that a configuration uses; a missing one is an empty text, which fails with a sentence when it runs. */
export const chooseScript = (language: ScriptLanguage, js: string | null, tbel: string | null): Script => ({
  language,
  source: (language === 'TBEL' ? tbel : js) ?? '',
});

/** Runs a script for each message and makes outcomes of the answers; one that failed is its own message's failure. */
export async function runScript(
  scripts: ScriptPort,
  script: Script,
  messages: readonly RuleMessage[],
  onValue: (value: Json | undefined, message: RuleMessage) => Outcome,
): Promise<Outcome[]> {
  const answers = await callScript(scripts, script, messages);
  return messages.map((message, index) => {
    const answer = answers[index];
    return answer?.ok === true ? onValue(answer.value, message) : unanswered(message, answer);
  });
}

/** Runs a script for each message; answers stand in the order of the messages. */
export async function callScript(
  scripts: ScriptPort,
  { language, source }: Script,
  messages: readonly RuleMessage[],
): Promise<readonly ScriptResult[]> {
  if (messages.length === 0) return [];
  const hindrance = hindranceOf(language, source);
  if (hindrance) return messages.map(() => ({ ok: false, failure: hindrance }));
  const calls = messages.map(({ id, data, metadata, type }) => ({
    messageId: id,
    source,
    language,
    msg: data,
    metadata,
    msgType: type,
  }));
  return (await scripts.run(calls)).map((answer) => (language === 'TBEL' ? withAdvice(answer) : answer));
}

/** The outcome of a message whose script gave no value. */
export function unanswered(message: RuleMessage, answer: ScriptResult | undefined): Outcome {
  if (answer?.ok === 'slow') return slow;
  if (answer?.ok === false) return { kind: 'failed', message, failure: answer.failure };
  return failed(message, 'script-error', 'The script gave no answer.');
}

/** A script answered something that its node cannot use. */
export const wrongResult = (message: RuleMessage, value: Json | undefined): Outcome =>
  failed(message, 'script-result', `Wrong result type: ${typeName(value)}`);

export function typeName(value: Json | undefined): string {
  if (value === undefined) return 'nothing (is there a return?)';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function hindranceOf(language: ScriptLanguage, source: string): NodeFailure | null {
  if (source.trim() === '')
    return {
      code: 'script-missing',
      message: `The node has no ${language} script. Write one or choose the other language.`,
      retryable: false,
    };
  const [found] = language === 'TBEL' ? tbelOnlySyntax(source) : [];
  return found ? { code: 'tbel-only', message: `${found} ${TBEL_ADVICE}`, retryable: false } : null;
}

const TBEL_ADVICE = 'TBEL runs as JavaScript here: write this part in JavaScript.';

function withAdvice(answer: ScriptResult): ScriptResult {
  if (answer.ok !== false || answer.failure.retryable) return answer;
  return { ok: false, failure: { ...answer.failure, message: `${answer.failure.message} (${TBEL_ADVICE})` } };
}
