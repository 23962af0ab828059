import type { Json } from '../language/rule-message.js';
import type { ScriptCall, ScriptPort, ScriptResult } from '../node/ports.js';

/** Runs scripts in this process, without any bounds: for tests of chains that one wrote oneself. */
export const plainScripts: ScriptPort = {
  run: (calls) => Promise.resolve(calls.map(runOne)),
};

type ScriptFunction = (msg: unknown, metadata: Record<string, string>, msgType: string) => unknown;

function runOne({ source, msg, metadata, msgType }: ScriptCall): ScriptResult {
  try {
    // Reflect.construct answers any; a function made of a body takes what its parameters say
    const run = Reflect.construct(Function, ['msg', 'metadata', 'msgType', source]) as ScriptFunction;
    return { ok: true, value: asJson(run(asJson(msg), { ...metadata }, msgType)) };
  } catch (error) {
    return { ok: false, failure: { code: 'script-error', message: String(error), retryable: false } };
  }
}

/** Out and in again, as over the border of a sandbox. */
const asJson = (value: unknown): Json | undefined =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json); // what JSON.parse makes is Json
