import type { MailGroup } from '../outbox-signal.js';
import { serverKey } from '../transport/transport-factory.js';
import type { WaitingGroup, Want } from './delivery-rows.js';

/** After so long the outbox is looked at anew, whatever is known of it. */
const KNOWN_FOR_MS = 1_000;

/**
 * What the last look at the outbox found. As long as nothing else is told, further mails of the same groups are picked without
 * another look: the pick itself finds out whether the servers are still those that were seen.
 */
export class DueGroups {
  #groups: readonly WaitingGroup[] = [];
  #seenAt = -Infinity;
  /** What is due is what was seen: nothing was claimed since, and nothing came. */
  #sure = false;

  seen(groups: readonly WaitingGroup[]): void {
    this.#groups = groups.filter(isDue);
    this.#seenAt = performance.now();
    this.#sure = true;
  }

  /** Those that may have more; empty: nobody knows without a look. */
  known(): readonly WaitingGroup[] {
    return performance.now() - this.#seenAt < KNOWN_FOR_MS ? this.#groups : [];
  }

  /** @returns whether more is known to wait in all of them: then the next pick finds these, too, and no look is needed */
  came(groups: readonly MailGroup[]): boolean {
    this.#sure = false;
    const known = new Set(this.known().map((group) => groupKey(group)));
    return groups.every((group) => known.has(groupKey(group)));
  }

  /**
   * A group of which less was seen than was wanted has nothing more that is due.
   * @param seen one for each mail whose turn it was
   * @returns whether to look again: there was one, and something may have come since the last look
   */
  claimed(wants: readonly Want[], seen: readonly MailGroup[]): boolean {
    const came = Map.groupBy(seen, groupKey);
    const emptied = new Set(
      wants.filter((want) => (came.get(groupKey(want))?.length ?? 0) < want.take).map((want) => groupKey(want)),
    );
    this.#groups = this.#groups.filter((group) => !emptied.has(groupKey(group)));
    const again = emptied.size > 0 && !this.#sure;
    this.#sure = false;
    return again;
  }

  get moreWait(): boolean {
    return this.#groups.length > 0;
  }

  forget(): void {
    this.#groups = [];
  }
}

const isDue = ({ active, dueInMs }: WaitingGroup): boolean => active && dueInMs === 0;

const groupKey = ({ server, priority, tenantId }: MailGroup): string => `${serverKey(server)} ${priority} ${tenantId}`;
