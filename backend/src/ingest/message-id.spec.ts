import { validate, version } from 'uuid';
import { expect, it } from 'vitest';

import { newMessageId } from './message-id.js';

it('makes ids of version 7 that never repeat, in the order of the clock', () => {
  const before = Date.now();
  const ids = Array.from({ length: 2000 }, newMessageId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  const times = ids.map((id) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(times[0]).toBeGreaterThanOrEqual(before);
});
