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
}

/**
 * Keeps batches from being many and small. A batch takes what arrived while the last one ran, and each costs the same few
 * statements: the faster the engine, the smaller its batches, and the more of them there are. Batches may follow each other
 * at once as long as they are few; when they go on and on, a step lies between their beginnings, in which the next one grows.
 */
export class Pace {
  /** When the next batch may begin if none were saved up. */
  #due = -Infinity;
  #stepMs: number;
  #begunAt = 0;

  constructor(private readonly options: PaceOptions) {
    this.#stepMs = options.stepMs;
  }

  /** Milliseconds until a batch may begin; 0 = now. @param now of the monotonic clock, in milliseconds */
  waitMs(now: number): number {
    return Math.max(0, this.#due - this.options.saved * this.#stepMs - now);
  }

  begun(messages: number, now: number): void {
    this.#begunAt = now;
    const { large, stepMsPerMessage } = this.options;
    if (messages < large) this.#due = Math.max(now, this.#due) + this.#stepMs + messages * stepMsPerMessage;
  }

  ended(now: number): void {
    const { stepMs, share, mostMs } = this.options;
    this.#stepMs = Math.min(mostMs, Math.max(stepMs, (now - this.#begunAt) / share));
  }
}
