import { DOCUMENT, Injectable, effect, inject, signal } from '@angular/core';

/** `auto` follows the system. */
export type Scheme = 'auto' | 'light' | 'dark';

export const SCHEMES: readonly Scheme[] = ['auto', 'light', 'dark'];

const STORED = 'signalpost.scheme';

@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly root = inject(DOCUMENT).documentElement;
  readonly scheme = signal<Scheme>(stored());

  constructor() {
    effect(() => {
      const scheme = this.scheme();
      this.root.style.colorScheme = scheme === 'auto' ? 'light dark' : scheme;
      remember(scheme);
    });
  }

  /** The next choice of the toggle: auto, light, dark and round again. */
  next(): void {
    this.scheme.update((now) => SCHEMES[(SCHEMES.indexOf(now) + 1) % SCHEMES.length] ?? 'auto');
  }
}

function stored(): Scheme {
  try {
    return SCHEMES.find((scheme) => scheme === localStorage.getItem(STORED)) ?? 'auto';
  } catch {
    return 'auto'; // Storage may be blocked; the choice then lasts for the tab.
  }
}

function remember(scheme: Scheme): void {
  try {
    localStorage.setItem(STORED, scheme);
  } catch {
    // Blocked storage: see stored().
  }
}
