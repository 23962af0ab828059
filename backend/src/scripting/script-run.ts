/** One call of `ScriptPool.run`: its calls, cut into turns, and the results so far. */
import type { Json, NodeFailure, ScriptCall, ScriptResult } from '@signalpost/rule-nodes/runtime';

import { timeoutFailure, tooDeepFailure } from './script-failures.js';
import type { ScriptLimits } from './script-types.js';
import type { TurnSource } from './turn-source.js';
import type { RunTurn, TurnAnswer, WorkerScript, CallAnswer } from './worker-protocol.js';

/** A turn carries no more than this; what is left is another turn. */
const TURN_CALLS = 200;
const TURN_CHARACTERS = 1 << 20;

// JSON.parse answers nothing else.
const parseJson = (text: string): Json => JSON.parse(text) as Json;
const failed = (failure: NodeFailure): ScriptResult => ({ ok: false, failure });

/** JSON of the function's arguments; null: nested more deeply than the serialiser's stack reaches. */
function inputOf(call: ScriptCall): string | null {
  try {
    return JSON.stringify([call.msg, call.metadata, call.msgType]);
  } catch {
    return null;
  }
}

export class ScriptRun implements TurnSource {
  readonly done: Promise<readonly ScriptResult[]>;
  /** Indices of the calls that have no result yet, in order. */
  #waiting: number[];
  /** After a turn was lost with its worker: one call a turn, so that the next loss has one culprit. */
  #alone = false;
  #lastTurnCalls = 0;
  readonly #results: ScriptResult[];
  #resolve: (results: readonly ScriptResult[]) => void = () => undefined;

  constructor(
    readonly tenantId: string,
    private readonly calls: readonly ScriptCall[],
    private readonly limits: ScriptLimits,
  ) {
    this.#waiting = calls.map((_, index) => index);
    this.#results = new Array<ScriptResult>(calls.length);
    this.done = new Promise((resolve) => (this.#resolve = resolve));
    this.#settle();
  }

  get size(): number {
    return this.#waiting.length;
  }

  get #limitMs(): number {
    return this.limits.onSoftLimit === 'slow' ? this.limits.softMs : this.limits.hardMs;
  }

  nextTurn(): RunTurn {
    const scripts: WorkerScript[] = [];
    const indexOf = new Map<string, number>();
    const calls: [number, string][] = [];
    let characters = 0;
    const tooDeep = new Set<ScriptCall>();
    for (const call of this.#head()) {
      if (calls.length > 0 && (this.#alone || characters > TURN_CHARACTERS)) break;
      const key = call.language + call.source;
      const index = indexOf.get(key) ?? scripts.push({ source: call.source, language: call.language }) - 1;
      indexOf.set(key, index);
      const input = inputOf(call);
      if (input === null) {
        tooDeep.add(call);
        continue;
      }
      characters += input.length;
      calls.push([index, input]);
    }
    if (tooDeep.size > 0) this.#end((call) => tooDeep.has(call), failed(tooDeepFailure()));
    this.#lastTurnCalls = calls.length;
    return { kind: 'run', tenantId: this.tenantId, limitMs: this.#limitMs, scripts, calls };
  }

  answer(message: TurnAnswer): void {
    const answers = message.kind === 'ran' ? message.answers : [];
    const answered = this.#waiting.splice(0, answers.length);
    answered.forEach((index, position) => {
      const answer = answers[position];
      if (answer !== undefined) this.#results[index] = this.#resultOf(index, answer);
    });
    this.#settle();
  }

  lost(failure: NodeFailure): void {
    const [index] = this.#lastTurnCalls === 1 ? this.#waiting.splice(0, 1) : [];
    if (index === undefined) this.#alone = true;
    else this.#results[index] = this.limits.onSoftLimit === 'slow' ? this.#slow(index) : failed(failure);
    this.#settle();
  }

  /** Ends every call that still waits, or those that are chosen. */
  fail(failure: NodeFailure, chosen: (call: ScriptCall) => boolean = () => true): void {
    this.#end(chosen, failed(failure));
    this.#settle();
  }

  #head(): ScriptCall[] {
    return this.#waiting.slice(0, TURN_CALLS).flatMap((index) => this.calls[index] ?? []);
  }

  #resultOf(index: number, answer: CallAnswer): ScriptResult {
    if (answer.kind === 'failure') return failed(answer.failure);
    if (answer.kind === 'limit')
      return this.limits.onSoftLimit === 'slow' ? this.#slow(index) : failed(timeoutFailure(this.limits.hardMs));
    return { ok: true, value: answer.json === null ? undefined : parseJson(answer.json) };
  }

  /** The same script is likely to be as slow for the rest: they wait for it elsewhere, so that this run ends. */
  #slow(index: number): ScriptResult {
    const source = this.calls[index]?.source;
    this.#end((call) => call.source === source, { ok: 'slow' });
    return { ok: 'slow' };
  }

  #end(chosen: (call: ScriptCall) => boolean, result: ScriptResult): void {
    this.#waiting = this.#waiting.filter((index) => {
      const call = this.calls[index];
      if (call === undefined || !chosen(call)) return true;
      this.#results[index] = result;
      return false;
    });
  }

  #settle(): void {
    if (this.#waiting.length === 0) this.#resolve(this.#results);
  }
}
