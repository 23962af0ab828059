import type { QueueEntry } from './queue-types.js';

/**
 * What became of a message that was run at once: true = it is done with; false = it did nothing, and belongs into the queue.
 * A promise where what it did is still being committed.
 */
export type StraightEnd = boolean | Promise<boolean>;

/** Runs messages at once that are not in the queue. */
export interface StraightRunner {
  /** SQL of one JSON value about the tenants in `waiting`, to be read in the same moment as what the messages are about. */
  readonly alongside: string;
  /** Whether it takes any messages now. */
  readonly isOpen: boolean;
  /** Whether this message may be tried; nothing of its originator waits in the queue. */
  takes(entry: QueueEntry): boolean;
  /**
   * Runs them to their end, or to where they wait for something outside, and commits what they did. Those of one originator
   * run in the order given.
   *
   * @param alongside what its SQL gave
   * @returns of each, in the order given, once all have run
   */
  run(entries: readonly QueueEntry[], alongside: unknown): Promise<readonly StraightEnd[]>;
}

/** The way past the queue, for messages that nothing of their originator is in front of. Closed until somebody opens it. */
export class StraightWay {
  #runner: StraightRunner | undefined;

  /** Undefined: everything goes through the queue. */
  get runner(): StraightRunner | undefined {
    return this.#runner?.isOpen ? this.#runner : undefined;
  }

  open(runner: StraightRunner): void {
    this.#runner = runner;
  }

  close(): void {
    this.#runner = undefined;
  }
}
