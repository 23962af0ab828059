import { performance } from 'node:perf_hooks';

export interface PaceOptions {
  /** Between two small batches in the long run, at least, in milliseconds. */
  readonly stepMs: number;
  /** More for each message of the one before: where many come, more are worth waiting for. */
  readonly stepMsPerMessage: number;
  /** The step grows with what batches take, up to `mostMs`: in the long run they may fill this part of the time. */
  readonly share: number;
  readonly mostMs: number;
  /** Batches that may begin at once after a quiet time. */
  readonly saved: number;
  /** Messages with which a batch is large enough to be followed at once. */
  readonly large: number;
  /** Between the beginnings of two batches while this thread has hardly any time left, in milliseconds. */
  readonly busyMs: number;
}

/** Of its time a thread that is busy uses more than this. */
const BUSY = 0.75;

/** The part of its time that this thread has used since it was asked last. */
function usedOfThread(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}

/**
 * Keeps batches from being many and small. A batch takes what arrived while the last one ran, and each costs the same few
 * statements: the faster the engine, the smaller its batches, and the more of them there are. Batches may follow each other
 * at once as long as they are few; when they go on and on, a step lies between their beginnings, in which the next one grows.
 * A thread that cannot keep up does more in larger steps.
 */
export class Pace {
  /** When the next batch may begin if none were saved up. */
  #due = -Infinity;
  #stepMs: number;
  #begunAt = -Infinity;
  #isBusy = false;

  /** @param used the part of its time, from 0 to 1, that the thread has used since the last batch began */
  constructor(
    private readonly options: PaceOptions,
    private readonly used: () => number = usedOfThread(),
  ) {
    this.#stepMs = options.stepMs;
  }

  /** Milliseconds until a batch may begin; 0 = now. @param now of the monotonic clock, in milliseconds */
  waitMs(now: number): number {
    const paced = this.#due - this.options.saved * this.#stepMs;
    const busy = this.#isBusy ? this.#begunAt + this.options.busyMs : paced;
    return Math.max(0, paced - now, busy - now);
  }

  begun(messages: number, now: number): void {
    this.#begunAt = now;
    const { large, stepMsPerMessage } = this.options;
    this.#isBusy = this.used() > BUSY && messages < large;
    if (messages < large) this.#due = Math.max(now, this.#due) + this.#stepMs + messages * stepMsPerMessage;
  }

  ended(now: number): void {
    const { stepMs, share, mostMs } = this.options;
    this.#stepMs = Math.min(mostMs, Math.max(stepMs, (now - this.#begunAt) / share));
  }
}
