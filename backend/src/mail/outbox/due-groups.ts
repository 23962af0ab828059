import { serverKey } from '../transport/transport-factory.js';
import type { ClaimedMail, WaitingGroup, Want } from './delivery-rows.js';

/** After so long the outbox is looked at anew, whatever is known of it. */
const KNOWN_FOR_MS = 1_000;

/**
 * What the last look at the outbox found. As long as nothing new is told, further mails of the same groups are picked without
 * another look: the pick itself finds out whether the servers are still those that were seen.
 */
export class DueGroups {
  #groups: readonly WaitingGroup[] = [];
  #seenAt = -Infinity;

  seen(groups: readonly WaitingGroup[]): void {
    this.#groups = groups.filter(isDue);
    this.#seenAt = performance.now();
  }

  /** Those that may have more; empty: nobody knows without a look. */
  known(): readonly WaitingGroup[] {
    return performance.now() - this.#seenAt < KNOWN_FOR_MS ? this.#groups : [];
  }

  /**
   * A group of which less came than was wanted has nothing more that is due.
   * @returns whether there was one
   */
  claimed(wants: readonly Want[], mails: readonly ClaimedMail[]): boolean {
    const came = Map.groupBy(mails, groupKey);
    const emptied = new Set(
      wants.filter((want) => (came.get(groupKey(want))?.length ?? 0) < want.take).map((want) => groupKey(want)),
    );
    this.#groups = this.#groups.filter((group) => !emptied.has(groupKey(group)));
    return emptied.size > 0;
  }

  get moreWait(): boolean {
    return this.#groups.length > 0;
  }

  forget(): void {
    this.#groups = [];
  }
}

const isDue = ({ active, dueInMs }: WaitingGroup): boolean => active && dueInMs === 0;

const groupKey = ({ server, priority, tenantId }: Pick<Want, 'server' | 'priority' | 'tenantId'>): string =>
  `${serverKey(server)} ${priority} ${tenantId}`;
