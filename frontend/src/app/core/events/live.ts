import { DestroyRef, inject } from '@angular/core';
import type { EventTopic } from '../api/models';
import { EventStream } from './event-stream';

/** Shortest time between two re-reads, in milliseconds: a burst of a thousand alarms asks the server a few times, not a thousand. */
const QUIET = 400;

/** What can be read again; a `resource` is. */
export interface Rereadable {
  readonly isLoading: () => boolean;
  readonly reload: () => unknown;
}

/**
 * Re-reads whenever something of `topic` changes, for as long as the caller lives, but never into a read that is on its way: under
 * steady change a slow one would not come to its end. Call it in an injection context.
 * @param id of the one thing that is shown: events about another are left out
 */
export function live(topic: EventTopic, shown: Rereadable, id?: () => string): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = (): void => {
    again = shown.isLoading();
    if (!again) shown.reload();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, QUIET);
  };
  const stop = inject(EventStream).listen(topic, (event) => {
    if (id && event && event.id !== null && event.id !== id()) return;
    if (timer) again = true;
    else run();
  });
  inject(DestroyRef).onDestroy(() => {
    clearTimeout(timer);
    stop();
  });
}
