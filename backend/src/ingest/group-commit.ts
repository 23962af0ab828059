/** One caller's items, and how to answer that caller. */
interface Ticket<Item, Answer> {
  /** What has to stay in order. */
  readonly key: string;
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
 * Everything of one key stays in order: what follows something without an answer waits for that answer.
 */
export class GroupCommit<Item, Answer> {
  #waiting: Ticket<Item, Answer>[] = [];
  /** How many tickets of a key have no answer yet, of those that do not wait any more. */
  readonly #keys = new Map<string, number>();
  #held = 0;
  #isUnderWay = false;
  #isDue = false;

  /**
   * @param commit answers every item, in order; with a promise where others need not wait for that answer
   * @param mostItems items of one commit
   * @param mostHeld items that may wait
   */
  constructor(
    private readonly commit: (items: readonly Item[]) => Promise<readonly (Answer | Promise<Answer>)[]>,
    private readonly mostItems: number,
    private readonly mostHeld: number,
  ) {}

  /** Resolves after the commit. All items of one call are in the same commit. @throws OverloadedError */
  add(key: string, items: readonly Item[]): Promise<Answer[]> {
    if (this.#held + items.length > this.mostHeld)
      return Promise.reject(new OverloadedError('Too much waits to be stored.'));
    this.#held += items.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, items, resolve, reject });
      if (!this.#isDue) queueMicrotask(() => this.#pump()); // lets everything that arrived in the same turn join
      this.#isDue = true;
    });
  }

  #pump(): void {
    this.#isDue = false;
    if (this.#isUnderWay) return;
    const tickets = this.#take();
    if (tickets.length > 0) void this.#commitOnce(tickets);
  }

  /** From the front, but for what follows something without an answer. */
  #take(): Ticket<Item, Answer>[] {
    const taken: Ticket<Item, Answer>[] = [];
    const left: Ticket<Item, Answer>[] = [];
    const leftKeys = new Set<string>();
    let items = 0;
    let looked = 0;
    for (const ticket of this.#waiting) {
      const mayGo = !this.#keys.has(ticket.key) && !leftKeys.has(ticket.key);
      if (mayGo && taken.length > 0 && items + ticket.items.length > this.mostItems) break;
      looked += 1;
      if (mayGo) {
        taken.push(ticket);
        items += ticket.items.length;
      } else {
        left.push(ticket);
        leftKeys.add(ticket.key);
      }
    }
    this.#waiting = left.concat(this.#waiting.slice(looked));
    return taken;
  }

  async #commitOnce(tickets: readonly Ticket<Item, Answer>[]): Promise<void> {
    const items = tickets.flatMap((ticket) => ticket.items);
    this.#isUnderWay = true;
    for (const { key } of tickets) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    const answers = await this.commit(items).catch((error: unknown) => new Failed(error));
    this.#isUnderWay = false;
    let from = 0;
    for (const ticket of tickets) {
      this.#answer(ticket, answers instanceof Failed ? answers : answers.slice(from, from + ticket.items.length));
      from += ticket.items.length;
    }
    this.#pump();
  }

  #answer(ticket: Ticket<Item, Answer>, answers: readonly (Answer | Promise<Answer>)[] | Failed): void {
    if (answers instanceof Failed) this.#end(ticket, () => ticket.reject(answers.error));
    else if (answers.some((answer) => answer instanceof Promise)) this.#answerLater(ticket, answers);
    else this.#end(ticket, () => ticket.resolve(answers as Answer[])); // none is a promise
  }

  #answerLater(ticket: Ticket<Item, Answer>, answers: readonly (Answer | Promise<Answer>)[]): void {
    void Promise.all(answers)
      .then(
        (all) => this.#end(ticket, () => ticket.resolve(all)),
        (error: unknown) => this.#end(ticket, () => ticket.reject(error)),
      )
      .then(() => this.#pump());
  }

  #end(ticket: Ticket<Item, Answer>, tell: () => void): void {
    this.#held -= ticket.items.length;
    const others = (this.#keys.get(ticket.key) ?? 0) - 1;
    if (others > 0) this.#keys.set(ticket.key, others);
    else this.#keys.delete(ticket.key);
    tell();
  }
}

class Failed {
  constructor(readonly error: unknown) {}
}
