import { expect, it } from 'vitest';

import { StubbornScripts } from './stubborn-scripts.js';

const noted = (...times: number[]): StubbornScripts => {
  const scripts = new StubbornScripts();
  times.forEach((time) => scripts.note('tenant', 'source', time));
  return scripts;
};

it('blocks a script for a minute after the third time within a minute', () => {
  expect(noted(0, 1_000).blockedSeconds('tenant', 'source', 2_000)).toBe(0);
  expect(noted(0, 1_000, 2_000).blockedSeconds('tenant', 'source', 2_000)).toBe(60);
  expect(noted(0, 1_000, 2_000).blockedSeconds('tenant', 'source', 61_500)).toBe(1);
  expect(noted(0, 1_000, 2_000).blockedSeconds('tenant', 'source', 62_000)).toBe(0);
});

it('forgives what is longer apart, and blocks nobody else', () => {
  expect(noted(0, 1_000, 62_000).blockedSeconds('tenant', 'source', 62_000)).toBe(0);
  expect(noted(0, 1, 2).blockedSeconds('other tenant', 'source', 2)).toBe(0);
  expect(noted(0, 1, 2).blockedSeconds('tenant', 'other source', 2)).toBe(0);
});
