/** One caller's items, and how to answer that caller. */
interface Ticket<Item, Answer> {
  readonly items: readonly Item[];
  readonly resolve: (answers: Answer[]) => void;
  readonly reject: (error: unknown) => void;
}

/** More is waiting for a commit than this process should hold. */
export class OverloadedError extends Error {}

/**
 * Group commit: what arrives while a commit is under way goes into the next one together. No timer is involved; a single
 * caller pays one commit, a thousand callers share one.
 *
 * Everything of one key stays in order, because it goes through one lane and a lane has one commit under way.
 */
export class GroupCommit<Item, Answer> {
  readonly #lanes: { waiting: Ticket<Item, Answer>[]; busy: boolean }[];
  #held = 0;

  /**
   * @param commit answers every item, in order
   * @param mostItems items of one commit
   * @param mostHeld items that may wait, of all lanes together
   */
  constructor(
    private readonly commit: (items: readonly Item[]) => Promise<readonly Answer[]>,
    lanes: number,
    private readonly mostItems: number,
    private readonly mostHeld: number,
  ) {
    this.#lanes = Array.from({ length: lanes }, () => ({ waiting: [], busy: false }));
  }

  /** Resolves after the commit. All items of one call are in the same commit. @throws OverloadedError */
  add(key: number, items: readonly Item[]): Promise<Answer[]> {
    if (this.#held + items.length > this.mostHeld)
      return Promise.reject(new OverloadedError('Too much waits to be stored.'));
    this.#held += items.length;
    return new Promise((resolve, reject) => {
      const lane = this.#lanes[key % this.#lanes.length];
      lane?.waiting.push({ items, resolve, reject });
      if (lane !== undefined && !lane.busy) void this.#drain(lane);
    });
  }

  async #drain(lane: { waiting: Ticket<Item, Answer>[]; busy: boolean }): Promise<void> {
    lane.busy = true;
    await Promise.resolve(); // lets everything that arrived in the same turn of the event loop join
    while (lane.waiting.length > 0) await this.#commitOnce(this.#take(lane.waiting));
    lane.busy = false;
  }

  #take(waiting: Ticket<Item, Answer>[]): Ticket<Item, Answer>[] {
    let items = 0;
    let count = 0;
    for (const ticket of waiting) {
      items += ticket.items.length;
      if (count > 0 && items > this.mostItems) break;
      count += 1;
    }
    return waiting.splice(0, count);
  }

  async #commitOnce(tickets: readonly Ticket<Item, Answer>[]): Promise<void> {
    const items = tickets.flatMap((ticket) => ticket.items);
    try {
      const answers = await this.commit(items);
      let from = 0;
      for (const ticket of tickets) {
        ticket.resolve(answers.slice(from, from + ticket.items.length));
        from += ticket.items.length;
      }
    } catch (error) {
      for (const ticket of tickets) ticket.reject(error);
    } finally {
      this.#held -= items.length;
    }
  }
}
