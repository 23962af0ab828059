import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

import type { Turn, TurnAnswer } from './worker-protocol.js';

/** Work of one tenant that a worker does turn by turn. Whoever wants the result holds a promise of the implementation. */
export interface TurnSource {
  readonly tenantId: string;
  /** Calls without a result; 0 = done. */
  readonly size: number;
  /** The same turn again until it is answered or lost. */
  nextTurn(): Turn;
  answer(message: TurnAnswer): void;
  /** The worker died under the last turn. A turn of one call gets this failure, a larger one is run again call by call. */
  lost(failure: NodeFailure): void;
  /** Nothing of it can be run. */
  fail(failure: NodeFailure): void;
}
