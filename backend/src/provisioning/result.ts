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

  /** @returns asks later what was noted since now */
  mark(): () => Omit<ProvisioningResult, 'unchanged'> {
    const { created, updated, unlocked } = this;
    const [from, fromUpdated, fromUnlocked] = [created.length, updated.length, unlocked.length];
    return () => ({
      created: created.slice(from),
      updated: updated.slice(fromUpdated),
      unlocked: unlocked.slice(fromUnlocked),
    });
  }
}

/** One line, like `2 created, 1 updated, 0 unlocked, 5 unchanged`. */
export const summaryOf = ({ created, updated, unlocked, unchanged }: ProvisioningResult): string =>
  `${created.length} created, ${updated.length} updated, ${unlocked.length} unlocked, ${unchanged} unchanged`;
