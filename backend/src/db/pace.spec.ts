import { expect, it } from 'vitest';

import { Pace } from './pace.js';

const STEP = 8;
const MOST = 40;
const make = (stepMsPerMessage = 0) =>
  new Pace({ stepMs: STEP, stepMsPerMessage, mostMs: MOST, share: 0.5, saved: 3, large: 100, busyMs: 0 });

/** Begins batches as soon as each may; they take `tookMs`. @returns when they began */
function run(pace: Pace, sizes: readonly number[], arrivals: readonly number[] = [], tookMs = 0): number[] {
  let now = 0;
  return sizes.map((size, index) => {
    now = Math.max(now, arrivals[index] ?? now);
    now += pace.waitMs(now);
    const begun = now;
    pace.begun(size, begun);
    now += tookMs;
    pace.ended(now);
    return begun;
  });
}
const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
const gaps = (begun: readonly number[]): number[] => begun.slice(1).map((at, index) => at - (begun[index] ?? 0));

it('lets a few small batches follow each other at once, and then one a step', () => {
  expect(run(make(), times(7, 1))).toEqual([0, 0, 0, 0, STEP, 2 * STEP, 3 * STEP]);
});

it('never delays batches that are further apart than a step', () => {
  const arrivals = Array.from({ length: 50 }, (_, index) => index * (STEP + 1));
  expect(run(make(), times(50, 1), arrivals)).toEqual(arrivals);
});

it('lets large batches follow each other at once', () => {
  expect(run(make(), times(50, 100))).toEqual(times(50, 0));
});

it.each([
  [2, STEP],
  [10, 20],
  [30, MOST],
])('leaves batches of %i ms their share of the time: one begins each %i ms', (tookMs, step) => {
  expect(gaps(run(make(), times(20, 1), [], tookMs)).at(-1)).toBe(step);
});

it('lets batches grow further where many messages come', () => {
  expect(gaps(run(make(0.1), times(20, 50))).at(-1)).toBe(STEP + 5);
});

it('puts a larger step between small batches while the thread has hardly any time left', () => {
  const options = { stepMs: STEP, stepMsPerMessage: 0, mostMs: MOST, share: 0.5, saved: 3, large: 100, busyMs: 80 };
  const used = [0.2, 0.9, 0.9, 0.2, 0.2];
  expect(run(new Pace(options, () => used.shift() ?? 0), [1, 1, 1, 1, 1])).toEqual([0, 0, 80, 160, 160]);
});

it('never delays what follows a large batch, however little time is left', () => {
  const options = { stepMs: STEP, stepMsPerMessage: 0, mostMs: MOST, share: 0.5, saved: 3, large: 100, busyMs: 80 };
  expect(run(new Pace(options, () => 1), [100, 100, 100])).toEqual([0, 0, 0]);
});
