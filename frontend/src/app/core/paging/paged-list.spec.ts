import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { type Page, PagedList, pagedList } from './paged-list';

/** Numbers from 1, two a page; the cursor is the last number before the page. */
function numbers(last: number) {
  return vi.fn((cursor: string | undefined): Promise<Page<number>> => {
    const from = Number(cursor ?? 0);
    const items = [from + 1, from + 2].filter((number) => number <= last);
    return Promise.resolve({ items, nextCursor: from + 2 < last ? String(from + 2) : null });
  });
}

describe('a list read page by page', () => {
  it('begins with the first page and tells that there is more', async () => {
    const list = new PagedList(numbers(5));
    expect(list.loading()).toBe(true);
    await list.reload();
    expect(list.items()).toEqual([1, 2]);
    expect(list.hasMore()).toBe(true);
    expect(list.loading()).toBe(false);
  });

  it('adds page after page until the last', async () => {
    const list = new PagedList(numbers(5));
    await list.reload();
    await list.loadMore();
    await list.loadMore();
    expect(list.items()).toEqual([1, 2, 3, 4, 5]);
    expect(list.hasMore()).toBe(false);
  });

  it('re-reads as many pages as are shown', async () => {
    const load = numbers(5);
    const list = new PagedList(load);
    await list.reload();
    await list.loadMore();
    load.mockClear();
    await list.refresh();
    expect(load.mock.calls).toEqual([[undefined], ['2']]);
    expect(list.items()).toEqual([1, 2, 3, 4]);
  });

  it('is empty only when it was read and nothing was there', async () => {
    const list = new PagedList(numbers(0));
    expect(list.empty()).toBe(false);
    await list.reload();
    expect(list.empty()).toBe(true);
  });
});

describe('reading a list again', () => {
  it('keeps what is shown when a re-read fails, and says why', async () => {
    const load = numbers(2);
    const list = new PagedList(load);
    await list.reload();
    load.mockRejectedValueOnce(new Error('down'));
    await list.refresh();
    expect(list.items()).toEqual([1, 2]);
    expect(list.problem()?.facts.title).toBe('down');
    await list.refresh();
    expect(list.problem()).toBeNull();
  });

  it('tells whether a re-read is on its way, whatever became of the last', async () => {
    const load = numbers(2);
    const list = new PagedList(load);
    load.mockRejectedValueOnce(new Error('down'));
    const reading = list.refresh();
    expect(list.quietly.isLoading()).toBe(true);
    await reading;
    expect(list.quietly.isLoading()).toBe(false);
  });

  it('drops the answer of an older read that comes late', async () => {
    const answers: ((page: Page<string>) => void)[] = [];
    const list = new PagedList<string>(() => new Promise((resolve) => answers.push(resolve)));
    const slow = list.reload();
    const fast = list.reload();
    answers[1]?.({ items: ['new'], nextCursor: null });
    await fast;
    answers[0]?.({ items: ['old'], nextCursor: null });
    await slow;
    expect(list.items()).toEqual(['new']);
  });

  it('starts over when what is asked for changes', async () => {
    const asked = signal('a');
    const load = vi.fn((what: string) => Promise.resolve({ items: [what], nextCursor: null }));
    const list = TestBed.runInInjectionContext(() => pagedList(asked, load));
    TestBed.tick();
    asked.set('b');
    TestBed.tick();
    await vi.waitFor(() => expect(list.items()).toEqual(['b']));
    expect(load.mock.calls.map(([what]) => what)).toEqual(['a', 'b']);
  });
});
