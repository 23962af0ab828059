import type { Clock, Instance, PreparedSql, Queryable } from '../db/index.js';
import type { StraightEnd, StraightWay } from '../queue/index.js';
import type { Acceptance, Arrival } from './known-devices.js';
import { type KnownArrival, lookUp, lookUpSql } from './look-up.js';

/** How long it is not looked again whether other instances are there, in milliseconds. */
const ACCOMPANIED_MS = 5_000;
/** How long all arrivals are queued after none could run, in milliseconds. */
const IN_VAIN_MS = 50;

/** An arrival before the queue: whose it is, null where no device has its token, and whether it is done with. */
export interface StraightOutcome {
  readonly acceptance: Acceptance;
  readonly end: StraightEnd;
}

const QUEUED: StraightEnd = false;

/** Lets what may run at once do so: its device is known, and nothing of it is in the queue. */
export class StraightArrivals {
  #sql: PreparedSql | undefined;
  #closedUntil = 0;

  constructor(
    private readonly db: Queryable,
    private readonly instance: Pick<Instance, 'id' | 'forgetDead'>,
    private readonly way: StraightWay,
    private readonly clock: Clock,
  ) {}

  /** @returns of each arrival, once all have run; undefined where there is no such way now: nobody has looked at them */
  async run(arrivals: readonly Arrival[]): Promise<readonly StraightOutcome[] | undefined> {
    const { runner } = this.way;
    if (runner === undefined || this.clock.now() < this.#closedUntil) return undefined;
    this.#sql ??= lookUpSql(runner.alongside);
    const { known, alongside, accompanied } = await lookUp(this.db, this.#sql, arrivals, this.instance.id);
    // What is under way of a device is known within one process alone.
    const free = accompanied ? [] : known.filter(({ waits, entry }) => !waits && runner.takes(entry));
    const ends =
      free.length === 0
        ? []
        : await runner.run(
            free.map(({ entry }) => entry),
            alongside,
          );
    if (accompanied) await this.#stepAside();
    else if (ends.every((end) => end === QUEUED)) this.#closeFor(IN_VAIN_MS);
    return outcomesOf(arrivals, known, new Map(free.map(({ arrival }, index) => [arrival, ends[index] ?? QUEUED])));
  }

  /** One that was killed is there until somebody says that it is not. */
  async #stepAside(): Promise<void> {
    this.#closeFor(ACCOMPANIED_MS);
    await this.instance.forgetDead();
  }

  #closeFor(ms: number): void {
    this.#closedUntil = this.clock.now() + ms;
  }
}

function outcomesOf(
  arrivals: readonly Arrival[],
  known: readonly KnownArrival[],
  ends: ReadonlyMap<Arrival, StraightEnd>,
): StraightOutcome[] {
  const acceptances = new Map(known.map(({ arrival, acceptance }) => [arrival, acceptance]));
  return arrivals.map((arrival) => {
    const acceptance = acceptances.get(arrival) ?? null;
    return { acceptance, end: acceptance === null || (ends.get(arrival) ?? QUEUED) };
  });
}
