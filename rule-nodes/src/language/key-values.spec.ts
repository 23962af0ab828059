import { expect, it } from 'vitest';

import { readAttributes, readTelemetry } from './key-values.js';

it('reads plain values at the given time', () => {
  expect(readTelemetry({ a: 1, b: 'x', c: true, d: { e: [1] } }, 5)).toEqual({
    ok: true,
    values: [
      { key: 'a', ts: 5, value: 1 },
      { key: 'b', ts: 5, value: 'x' },
      { key: 'c', ts: 5, value: true },
      { key: 'd', ts: 5, value: { e: [1] } },
    ],
  });
});

it('reads timed values and arrays of either', () => {
  expect(readTelemetry([{ ts: 1, values: { a: 1 } }, { a: 2 }], 5)).toEqual({
    ok: true,
    values: [
      { key: 'a', ts: 1, value: 1 },
      { key: 'a', ts: 5, value: 2 },
    ],
  });
});

it('takes numeric texts for numbers while they keep their digits', () => {
  const read = readAttributes({ a: '12', b: '-1.50', c: '1e3', d: '123456789012345678', e: ' 1' }, 5);
  expect(read.ok && read.values.map(({ value }) => value)).toEqual([12, -1.5, '1e3', '123456789012345678', ' 1']);
});

it.each([[null], [1], ['x'], [[1]], [{ a: null }]])('refuses %o', (data) => {
  expect(readTelemetry(data, 5).ok).toBe(false);
});
