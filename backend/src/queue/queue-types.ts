import type { Continuation, NodeFailure, RuleMessage } from '@signalpost/rule-nodes/runtime';

import type { UnitOfWork } from '../db/index.js';

/** The answer that a parked message waited for. */
export interface Resume {
  /** As the continuation was stored in `parked_message`. */
  readonly parkedId: string;
  /** The output to go on at, for example `Success` or `Failure`. */
  readonly label: string;
  /** Added to the message's metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** One thing for the rule engine to do; exactly one of a fresh message, continuations or a resume. */
export interface QueueEntry {
  readonly tenantId: string;
  readonly message: RuleMessage;
  /** Go on here instead of at the root chain. */
  readonly starts?: readonly Continuation[];
  /** Go on with a parked message; `message` then names the originator and the id of the entry alone. */
  readonly resume?: Resume;
}

/** The way into the queue for everyone but ingest: a row of the caller's transaction. */
export interface Queue {
  enqueue(uow: UnitOfWork, entries: readonly QueueEntry[]): Promise<void>;
}

export const QUEUE = Symbol('Queue');

/** An entry under way. */
export interface RunningEntry extends QueueEntry {
  /** How often it was tried before. */
  readonly attempts: number;
}

/** One that was claimed. */
export interface ClaimedEntry extends RunningEntry {
  readonly partition: number;
  /** Place in the queue: bigint as text. */
  readonly seq: string;
}

/** The right to work on a partition. Committing an outcome needs the fencing number. */
export interface PartitionClaim {
  readonly partition: number;
  readonly fencing: string;
}

/** What one claim took. */
export interface Batch {
  readonly claims: readonly PartitionClaim[];
  readonly entries: readonly ClaimedEntry[];
  /** Partitions in which more may wait than what comes after the claim, or is held back. */
  readonly more: readonly number[];
  /** What the claims were asked to read along; unchecked. */
  readonly alongside: unknown;
}

/** What became of one entry of a batch; an entry without a verdict ran to its end. */
export interface Verdict<Entry extends RunningEntry = ClaimedEntry> {
  readonly entry: Entry;
  /** Try these again later and hold the originator back until then. */
  readonly retry?: readonly Continuation[];
  /** Why; told when the tries are used up. */
  readonly retryFailure?: NodeFailure;
  /** Over the soft limit of scripts: to the slow lane. */
  readonly slow?: readonly Continuation[];
  /** Filed as dead letters. */
  readonly dead?: readonly { readonly starts: readonly Continuation[] | null; readonly failure: NodeFailure }[];
}
