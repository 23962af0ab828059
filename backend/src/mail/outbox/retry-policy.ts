/** Waiting between attempts grows by a factor up to a limit; the jitter keeps many from coming back at once. */
export interface BackOff {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

/** One mail that was put off (4xx): a first try soon, for a server that only hiccuped; then as greylisting likes it. */
export const MAIL_BACK_OFF: BackOff = { firstMs: 2_000, factor: 3, maxMs: 300_000 };

/** A server that cannot be reached or wants a pause; one mail tries it, the others wait. */
export const SERVER_BACK_OFF: BackOff = { firstMs: 1_000, factor: 2, maxMs: 30_000 };

/**
 * @param failures in a row, from 1
 * @param random from 0 to 1
 * @returns milliseconds, at most a fifth off
 */
export function delayAfter(failures: number, { firstMs, factor, maxMs }: BackOff, random = Math.random()): number {
  const exact = Math.min(firstMs * factor ** (failures - 1), maxMs);
  return Math.round(exact * (0.8 + 0.4 * random));
}
