/**
 * Keeps batches from being many and small. A batch takes what arrived while the last one ran, and each costs the same few
 * statements: the faster the engine, the smaller its batches, and the more of them there are. Batches may follow each other
 * at once as long as they are few; when they go on and on, a step lies between their beginnings, in which the next one grows.
 */
export class Pace {
  /** When the next batch may begin if none were saved up. */
  #due = -Infinity;

  /**
   * @param stepMs between two small batches in the long run
   * @param saved batches that may begin at once after a quiet time
   * @param large messages with which a batch is large enough to be followed at once
   */
  constructor(
    private readonly stepMs: number,
    private readonly saved: number,
    private readonly large: number,
  ) {}

  /** Milliseconds until a batch may begin; 0 = now. @param now of the monotonic clock, in milliseconds */
  waitMs(now: number): number {
    return Math.max(0, this.#due - this.saved * this.stepMs - now);
  }

  begun(messages: number, now: number): void {
    if (messages < this.large) this.#due = Math.max(now, this.#due) + this.stepMs;
  }
}
