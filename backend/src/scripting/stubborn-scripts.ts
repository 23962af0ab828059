/** Remembers the scripts that only the end of their worker could stop, and for how long each is not run. Times in milliseconds. */
const WINDOW_MS = 60_000;
const ALLOWED = 3;
const MAX_REMEMBERED = 10_000;

const keyOf = (tenantId: string, source: string): string => `${tenantId}\n${source}`;

export class StubbornScripts {
  readonly #times = new Map<string, readonly number[]>();

  note(tenantId: string, source: string, now: number): void {
    const key = keyOf(tenantId, source);
    const times = [...(this.#times.get(key) ?? []), now].slice(-ALLOWED);
    this.#times.delete(key);
    this.#times.set(key, times);
    const [oldest] = this.#times.keys();
    if (this.#times.size > MAX_REMEMBERED && oldest !== undefined) this.#times.delete(oldest);
  }

  /** Seconds until it may run again; 0 = now. */
  blockedSeconds(tenantId: string, source: string, now: number): number {
    const times = this.#times.get(keyOf(tenantId, source)) ?? [];
    const [first, last] = [times[0], times[ALLOWED - 1]];
    if (first === undefined || last === undefined || last - first > WINDOW_MS) return 0;
    return Math.max(0, Math.ceil((last + WINDOW_MS - now) / 1000));
  }
}
