import { expect, it } from 'vitest';

import { isDeeperThan } from './json-depth.js';

const nested = (depth: number): string => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2);

it('counts levels, not brackets in text', () => {
  expect(isDeeperThan(10, nested(10))).toBe(false);
  expect(isDeeperThan(10, nested(12))).toBe(true);
  expect(isDeeperThan(2, JSON.stringify([{ a: '[[[[{{{{', 'b"[[[[\\': '"[[[[[' }]))).toBe(false);
  expect(isDeeperThan(1, '[[],[],[],[]]')).toBe(true);
  expect(isDeeperThan(2, '[[],[],[],[]]')).toBe(false);
});
