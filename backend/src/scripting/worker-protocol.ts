/**
 * What the pool and a script worker say to each other. Messages and results travel as JSON text that the worker never parses:
 * it goes into the sandbox as it came and comes out as the sandbox made it.
 */
import type { NodeFailure, ScriptLanguage } from '@signalpost/rule-nodes/runtime';

import type { ScriptProblem } from './script-types.ts';

/** A tenant that waits its turn waits at most this long for calls that end, and one limit for a call that does not. */
export const TURN_MS = 10;

export interface WorkerScript {
  readonly source: string;
  readonly language: ScriptLanguage;
}

/** Part of one run of one tenant: what a worker does before it is the next tenant's turn. */
export interface RunTurn {
  readonly kind: 'run';
  readonly tenantId: string;
  readonly limitMs: number;
  readonly scripts: readonly WorkerScript[];
  /** `[index into scripts, JSON text of [msg, metadata, msgType]]` */
  readonly calls: readonly (readonly [number, string])[];
}
export interface CheckTurn {
  readonly kind: 'check';
  readonly script: WorkerScript;
  readonly limitMs: number;
}
export type Turn = RunTurn | CheckTurn;

/** `json` null: the script returned undefined. `limit`: stopped at the turn's limit. */
export type CallAnswer =
  | { readonly kind: 'value'; readonly json: string | null }
  | { readonly kind: 'limit' }
  | { readonly kind: 'failure'; readonly failure: NodeFailure };

export type TurnAnswer =
  /** Answers to the first calls of the turn; fewer than its calls when the turn's time was up. */
  | { readonly kind: 'ran'; readonly answers: readonly CallAnswer[] }
  | { readonly kind: 'checked'; readonly problem: ScriptProblem | null };

export type WorkerMessage = { readonly kind: 'ready' } | TurnAnswer;
