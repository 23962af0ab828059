import type { Json } from '../language/rule-message.js';
import type { ScriptCall, ScriptPort, ScriptResult } from '../node/ports.js';

/** Runs scripts in this process, without any bounds: for tests of chains that one wrote oneself. */
export const plainScripts: ScriptPort = {
  run: (calls) => Promise.resolve(calls.map(runOne)),
};

function runOne({ source, msg, metadata, msgType }: ScriptCall): ScriptResult {
  try {
    const run = new Function('msg', 'metadata', 'msgType', source);
    const answer: unknown = run(asJson(msg), { ...metadata }, msgType);
    return { ok: true, value: asJson(answer) };
  } catch (error) {
    return { ok: false, failure: { code: 'script-error', message: String(error), retryable: false } };
  }
}

const asJson = (value: unknown): Json | undefined => {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? undefined : (JSON.parse(text) as Json); // what JSON.parse makes is Json
};
