import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the answer is there; what it last saw stands in the error of a time-out. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  patienceMs = 30_000,
): Promise<T> {
  const began = performance.now();
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() - began > patienceMs) throw new Error(`Waited ${patienceMs} ms for ${what}`, { cause: last });
    await pause(25);
  }
}
