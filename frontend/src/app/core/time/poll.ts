import { DOCUMENT, DestroyRef, inject } from '@angular/core';

/** Calls `work` every `period` milliseconds while the tab is visible and the caller lives. Call it in an injection context. */
export function poll(period: number, work: () => void): void {
  const document = inject(DOCUMENT);
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') work();
  }, period);
  inject(DestroyRef).onDestroy(() => clearInterval(timer));
}
