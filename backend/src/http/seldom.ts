import type { Clock } from '../db/index.js';

const PAUSE_MS = 60_000;
/** More are forgotten, which costs one line too many. */
const MOST_REMEMBERED = 10_000;

/** Lets the same be said of the same at most once a minute: what strangers can cause must not fill the log. */
export class Seldom {
  readonly #said = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** @returns whether it is time to speak of this; then it is not for a minute */
  isDue(about: string): boolean {
    const now = this.clock.now();
    if (now - (this.#said.get(about) ?? -Infinity) < PAUSE_MS) return false;
    if (this.#said.size >= MOST_REMEMBERED) this.#said.clear();
    this.#said.set(about, now);
    return true;
  }
}
