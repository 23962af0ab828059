import { expect, it } from 'vitest';
import { tally } from './tally';

it('counts what one page tells, and says when there is more', () => {
  expect(tally({ items: [1, 2], nextCursor: null })).toBe('2');
  expect(tally({ items: [1, 2], nextCursor: 'x' })).toBe('2+');
});
