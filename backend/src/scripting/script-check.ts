import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

import type { ScriptProblem } from './script-types.js';
import type { TurnSource } from './turn-source.js';
import type { Turn, TurnAnswer, WorkerScript } from './worker-protocol.js';

/** Checks of all tenants take turns as if they were one tenant's. */
const CHECKS = 'checks';
/** To compile takes a few milliseconds; only text that closes its function early can compute here. */
const LIMIT_MS = 100;

/** One call of `ScriptPool.check`. */
export class ScriptCheck implements TurnSource {
  readonly tenantId = CHECKS;
  readonly done: Promise<ScriptProblem | null>;
  size = 1;
  #resolve: (problem: ScriptProblem | null) => void = () => undefined;

  constructor(private readonly script: WorkerScript) {
    this.done = new Promise((resolve) => (this.#resolve = resolve));
  }

  nextTurn(): Turn {
    return { kind: 'check', script: this.script, limitMs: LIMIT_MS };
  }

  answer(message: TurnAnswer): void {
    this.#end(message.kind === 'checked' ? message.problem : null);
  }

  lost(failure: NodeFailure): void {
    this.fail(failure);
  }

  fail(failure: NodeFailure): void {
    this.#end({ message: failure.message, line: null, column: null });
  }

  #end(problem: ScriptProblem | null): void {
    this.size = 0;
    this.#resolve(problem);
  }
}
