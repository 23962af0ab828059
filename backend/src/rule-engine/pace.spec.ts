import { expect, it } from 'vitest';

import { Pace } from './pace.js';

const STEP = 8;
const SAVED = 3;

/** Begins batches as soon as each may. @returns when they began */
function run(pace: Pace, sizes: readonly number[], arrivals: readonly number[]): number[] {
  let now = 0;
  return sizes.map((size, index) => {
    now = Math.max(now, arrivals[index] ?? now);
    now += pace.waitMs(now);
    pace.begun(size, now);
    return now;
  });
}
const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

it('lets a few small batches follow each other at once, and then one a step', () => {
  expect(run(new Pace(STEP, SAVED, 100), times(7, 1), [])).toEqual([0, 0, 0, 0, STEP, 2 * STEP, 3 * STEP]);
});

it('never delays batches that are further apart than a step', () => {
  const arrivals = Array.from({ length: 50 }, (_, index) => index * (STEP + 1));
  expect(run(new Pace(STEP, SAVED, 100), times(50, 1), arrivals)).toEqual(arrivals);
});

it('lets large batches follow each other at once', () => {
  expect(run(new Pace(STEP, SAVED, 100), times(50, 100), [])).toEqual(times(50, 0));
});
