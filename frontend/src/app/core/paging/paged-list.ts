import { computed, effect, signal, untracked } from '@angular/core';
import type { Rereadable } from '../events/live';
import { type ApiProblem, asProblem } from '../http/api-problem';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Reads one page; without a cursor the first. */
export type PageLoader<T> = (cursor: string | undefined) => Promise<Page<T>>;

/** A list read page by page (keyset): first load, "load more", and quiet re-reads while the person looks at it. */
export class PagedList<T> {
  private readonly pages = signal<readonly Page<T>[]>([]);
  private readonly phase = signal<'loading' | 'ready' | 'more'>('loading');
  private readonly failure = signal<ApiProblem | null>(null);
  /** Answers of an older run are dropped. */
  private run = 0;
  private reading = false;

  readonly items = computed(() => this.pages().flatMap((page) => page.items));
  readonly loading = computed(() => this.phase() === 'loading');
  readonly loadingMore = computed(() => this.phase() === 'more');
  readonly hasMore = computed(() => (this.pages().at(-1)?.nextCursor ?? null) !== null);
  readonly empty = computed(() => this.phase() === 'ready' && !this.failure() && this.items().length === 0);
  /** Why the last read failed; what was read before stays visible. */
  readonly problem = this.failure.asReadonly();
  /** For `live`. */
  readonly quietly: Rereadable = { isLoading: () => this.reading, reload: () => this.refresh() };

  constructor(private readonly load: PageLoader<T>) {}

  /** From the beginning, forgetting what is shown. */
  reload(): Promise<void> {
    this.pages.set([]);
    this.phase.set('loading');
    return this.read(1, []);
  }

  /** Re-reads as many pages as are shown, without a flicker. */
  refresh(): Promise<void> {
    return this.read(Math.max(1, this.pages().length), []);
  }

  loadMore(): Promise<void> {
    this.phase.set('more');
    return this.read(1, this.pages());
  }

  /** Shows a changed item at once, before the re-read that its event brings. */
  replace(same: (item: T) => boolean, changed: T): void {
    this.change((items) => items.map((item) => (same(item) ? changed : item)));
  }

  remove(same: (item: T) => boolean): void {
    this.change((items) => items.filter((item) => !same(item)));
  }

  private change(edit: (items: readonly T[]) => readonly T[]): void {
    this.pages.update((pages) => pages.map((page) => ({ ...page, items: edit(page.items) })));
  }

  private async read(count: number, before: readonly Page<T>[]): Promise<void> {
    const run = ++this.run;
    this.reading = true;
    try {
      const pages = await this.readPages(count, before);
      if (run !== this.run) return;
      this.pages.set(pages);
      this.failure.set(null);
    } catch (error) {
      if (run !== this.run) return;
      this.failure.set(asProblem(error));
    }
    this.reading = false;
    this.phase.set('ready');
  }

  private async readPages(count: number, before: readonly Page<T>[]): Promise<readonly Page<T>[]> {
    const pages = [...before];
    for (let read = 0; read < count; read++) {
      const cursor = pages.at(-1)?.nextCursor;
      if (pages.length > 0 && !cursor) break;
      pages.push(await this.load(cursor ?? undefined));
    }
    return pages;
  }
}

/** A list that starts over whenever `params()` changes. Call it in an injection context. */
export function pagedList<P, T>(
  params: () => P,
  load: (params: P, cursor: { cursor?: string }) => Promise<Page<T>>,
): PagedList<T> {
  const list = new PagedList<T>((cursor) => load(untracked(params), cursor ? { cursor } : {}));
  effect(() => {
    params();
    untracked(() => void list.reload());
  });
  return list;
}
