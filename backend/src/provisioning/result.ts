import type { Change } from '../db/index.js';

/** What an application of a file did; people read the entries (`device "Thermostat A1" of Demo`). */
export interface ProvisioningResult {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly unlocked: readonly string[];
  readonly unchanged: number;
}

/** Counts while a file is applied. */
export class Tally implements ProvisioningResult {
  readonly created: string[] = [];
  readonly updated: string[] = [];
  readonly unlocked: string[] = [];
  unchanged = 0;

  note(change: Change, what: string): void {
    if (change === 'unchanged') this.unchanged += 1;
    else this[change].push(what);
  }
}

/** One line, like `2 created, 1 updated, 0 unlocked, 5 unchanged`. */
export const summaryOf = ({ created, updated, unlocked, unchanged }: ProvisioningResult): string =>
  `${created.length} created, ${updated.length} updated, ${unlocked.length} unlocked, ${unchanged} unchanged`;
