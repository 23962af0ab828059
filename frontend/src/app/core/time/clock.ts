import { DestroyRef, Injectable, inject, signal } from '@angular/core';

const TICK = 5_000;

/** The time of day as a signal, for ages and "ago": epoch milliseconds, a new value every five seconds. */
@Injectable({ providedIn: 'root' })
export class Clock {
  private readonly time = signal(Date.now());
  readonly now = this.time.asReadonly();

  constructor() {
    const timer = setInterval(() => this.time.set(Date.now()), TICK);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
