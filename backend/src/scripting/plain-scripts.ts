import type { ScriptCall, ScriptResult } from '@signalpost/rule-nodes/runtime';

import { NOT_PLAIN, type PlainScript, readPlainScript } from './plain-script.js';

/** Scripts remembered, plain or not. */
const MOST_KEPT = 1000;

/** Answers calls whose script only reads, compares and computes, without a thread. */
export class PlainScripts {
  readonly #read = new Map<string, PlainScript | null>();

  /** @returns undefined: its script has to run in the sandbox */
  answer(call: ScriptCall): ScriptResult | undefined {
    const script = this.#scriptOf(call.source);
    if (script === null) return undefined;
    const value = script(call);
    return value === NOT_PLAIN ? undefined : { ok: true, value };
  }

  #scriptOf(source: string): PlainScript | null {
    const known = this.#read.get(source);
    if (known !== undefined) return known;
    if (this.#read.size >= MOST_KEPT) this.#read.clear();
    const script = readPlainScript(source);
    this.#read.set(source, script);
    return script;
  }
}
