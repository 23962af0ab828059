import { type Signal, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, NavigationEnd, Router } from '@angular/router';
import { filter, map } from 'rxjs';

/** The `:id` of the child route that is open beside a list, or null. Call it in an injection context. */
export function injectChosen(): Signal<string | null> {
  const route = inject(ActivatedRoute);
  const chosen = (): string | null => route.snapshot.firstChild?.paramMap.get('id') ?? null;
  const moved = inject(Router).events.pipe(
    filter((event) => event instanceof NavigationEnd),
    map(chosen),
  );
  return toSignal(moved, { initialValue: chosen() });
}
