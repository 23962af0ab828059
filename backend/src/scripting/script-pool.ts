import { availableParallelism } from 'node:os';

import type { NodeFailure, ScriptCall, ScriptLanguage, ScriptResult } from '@signalpost/rule-nodes/runtime';

import { PlainScripts } from './plain-scripts.js';
import { ScriptCheck } from './script-check.js';
import { blockedFailure, queueFullFailure, unavailableFailure } from './script-failures.js';
import { ScriptRun } from './script-run.js';
import type { ScriptLimits, ScriptProblem } from './script-types.js';
import { ScriptWorker } from './script-worker.js';
import { StubbornScripts } from './stubborn-scripts.js';
import type { TurnSource } from './turn-source.js';
import type { Turn } from './worker-protocol.js';

/** A tenant's calls that may wait for one worker. */
const MAX_WAITING_CALLS = 10_000;

export interface ScriptPoolOptions {
  /** Threads for runs with `onSoftLimit: 'slow'`; one more is started for the others when first needed. */
  readonly workers?: number;
}

/** One core is left to the main thread. */
const defaultWorkers = (): number => Math.min(2, Math.max(1, availableParallelism() - 1));

const failures = (calls: readonly ScriptCall[], failure: NodeFailure): readonly ScriptResult[] =>
  calls.map(() => ({ ok: false, failure }));

/**
 * Runs tenants' scripts in worker threads, but for those that only read, compare and compute. Whatever a script does ends as a
 * result, never as an exception, and never reaches another tenant, the next call or the host. Scripts of one tenant run on one
 * thread; tenants take turns there.
 */
export class ScriptPool {
  readonly #plain = new PlainScripts();
  readonly #stubborn = new StubbornScripts();
  readonly #workers: readonly ScriptWorker[];
  readonly #slowWorker: ScriptWorker;
  #closed = false;

  constructor(options: ScriptPoolOptions = {}) {
    const newWorker = (): ScriptWorker => new ScriptWorker((source, turn) => this.#lost(source, turn));
    this.#workers = Array.from({ length: options.workers ?? defaultWorkers() }, newWorker);
    this.#slowWorker = newWorker();
  }

  /** Results stand in the order of the calls. Calls of one run may have different scripts. */
  async run(tenantId: string, calls: readonly ScriptCall[], limits: ScriptLimits): Promise<readonly ScriptResult[]> {
    if (this.#closed) return failures(calls, unavailableFailure('the server is stopping'));
    const answers = calls.map((call) => this.#plain.answer(call));
    const others = calls.filter((_, index) => answers[index] === undefined);
    const ran = others.length === 0 ? [] : [...(await this.#runInThread(tenantId, others, limits))];
    return answers.map((answer) => answer ?? ran.shift() ?? { ok: false, failure: unavailableFailure('no answer') });
  }

  async #runInThread(
    tenantId: string,
    calls: readonly ScriptCall[],
    limits: ScriptLimits,
  ): Promise<readonly ScriptResult[]> {
    const worker = limits.onSoftLimit === 'slow' ? this.#workerOf(tenantId) : this.#slowWorker;
    if (worker.waitingCalls(tenantId) + calls.length > MAX_WAITING_CALLS) return failures(calls, queueFullFailure());
    const run = new ScriptRun(tenantId, calls, limits);
    this.#failBlocked(run, new Set(calls.map((call) => call.source)));
    if (run.size > 0) worker.submit(run);
    return run.done;
  }

  /** null: it compiles. Runs nothing. */
  async check(source: string, language: ScriptLanguage): Promise<ScriptProblem | null> {
    const check = new ScriptCheck({ source, language });
    if (this.#closed) check.fail(unavailableFailure('the server is stopping'));
    else this.#slowWorker.submit(check);
    return check.done;
  }

  /** Ends the threads; runs under way end with a failure that may be tried again. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#workers, this.#slowWorker].map((worker) => worker.close()));
  }

  /** The same for a tenant at any time, without keeping a table of tenants. */
  #workerOf(tenantId: string): ScriptWorker {
    let hash = 0;
    for (const character of tenantId) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
    return this.#workers[hash % this.#workers.length] ?? this.#slowWorker;
  }

  #lost(source: TurnSource, turn: Turn): void {
    const [script, ...others] = turn.kind === 'run' ? turn.scripts : [];
    if (script === undefined || others.length > 0) return;
    this.#stubborn.note(source.tenantId, script.source, performance.now());
    if (source instanceof ScriptRun) this.#failBlocked(source, new Set([script.source]));
  }

  #failBlocked(run: ScriptRun, sources: ReadonlySet<string>): void {
    for (const source of sources) {
      const seconds = this.#stubborn.blockedSeconds(run.tenantId, source, performance.now());
      if (seconds > 0) run.fail(blockedFailure(seconds), (call) => call.source === source);
    }
  }
}
