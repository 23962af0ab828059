import type { NodeFailure } from '../node/outcome.js';
import type { Continuation, ParkedRun, RunReport } from './run-types.js';

type Failed = { readonly continuation: Continuation; readonly failure: NodeFailure };

const NONE: readonly never[] = Object.freeze([]);

/** Most messages run to their end: their report holds no list of its own. */
export class Report implements RunReport {
  parked: RunReport['parked'] = NONE;
  slow: readonly Continuation[] = NONE;
  retry: readonly Failed[] = NONE;
  dead: readonly Failed[] = NONE;
  handed: readonly Continuation[] = NONE;
  wrote = false;

  park(parked: ParkedRun): void {
    this.parked = [...this.parked, parked];
  }

  slowDown(continuation: Continuation): void {
    this.slow = [...this.slow, continuation];
  }

  tryAgain(continuation: Continuation, failure: NodeFailure): void {
    this.retry = [...this.retry, { continuation, failure }];
  }

  handOver(continuation: Continuation): void {
    this.handed = [...this.handed, continuation];
  }

  died(continuation: Continuation, failure: NodeFailure): void {
    this.dead = [...this.dead, { continuation, failure }];
  }
}
