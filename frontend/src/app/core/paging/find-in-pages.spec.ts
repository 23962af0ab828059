import { expect, it, vi } from 'vitest';
import { findInPages, gone } from './find-in-pages';

const GONE = gone('It is gone.', 'Go back.');

/** One number a page, from 1. */
function numbers(last: number) {
  return vi.fn((cursor: string | undefined) => {
    const number = Number(cursor ?? 1);
    return Promise.resolve({ items: [number], nextCursor: number < last ? String(number + 1) : null });
  });
}

it('reads no further than the page that has it', async () => {
  const load = numbers(9);
  expect(await findInPages(load, (number) => number === 3, GONE)).toBe(3);
  expect(load).toHaveBeenCalledTimes(3);
});

it('says that it is gone at the end of the list', async () => {
  await expect(findInPages(numbers(2), (number) => number === 7, GONE)).rejects.toBe(GONE);
});

it('does not look through an endless list', async () => {
  const load = numbers(1_000);
  await expect(findInPages(load, () => false, GONE)).rejects.toBe(GONE);
  expect(load).toHaveBeenCalledTimes(10);
});
