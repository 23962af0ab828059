import { DestroyRef, inject } from '@angular/core';
import type { EventTopic, ServerEvent } from '../api/models';
import { EventStream } from './event-stream';

/** Shortest time between two re-reads, in milliseconds: a burst of a thousand alarms asks the server a few times, not a thousand. */
const QUIET = 400;

/**
 * Re-reads whenever something of `topic` changes, for as long as the caller lives. Call it in an injection context.
 * @param concerns leaves out events that do not touch what is shown
 */
export function live(
  topic: EventTopic,
  reread: () => void,
  concerns: (event: ServerEvent) => boolean = () => true,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = (): void => {
    again = false;
    reread();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, QUIET);
  };
  const stop = inject(EventStream).listen(topic, (event) => {
    if (event && !concerns(event)) return;
    if (timer) again = true;
    else run();
  });
  inject(DestroyRef).onDestroy(() => {
    clearTimeout(timer);
    stop();
  });
}
