import type { Clock } from '../db/index.js';
import type { QueueEntry, RunningEntry, StraightEnd, StraightRunner } from '../queue/index.js';
import type { BatchRunner } from './batch-runner.js';
import { PUBLISHED_CHAINS } from './chain-source.js';
import type { OriginatorsUnderWay } from './originators-under-way.js';
import { BelongsIntoQueue, StraightAttempt } from './straight-attempt.js';

/** A device waits for its answer so long at most; then its message goes into the queue, where it may take its time. */
const PATIENCE_MS = 40;
/**
 * So few messages at once are run to their end here: they are answered, and their mails leave, as soon as can be. Of more,
 * effects are written in larger transactions by the queue's batches, which costs far less for each.
 */
const FEW = 4;
/** A tenant most of whose messages needed more than scripts is left to the queue for so long while there are many. */
const QUEUED_AFTER_EFFECTS_MS = 500;
/** A tenant whose messages had to go into the queue is not tried for so long, so that it does not hold up others again. */
const OUT_AFTER_VERDICT_MS = 60_000;
/** All tenants of a run that took too long or failed: nobody knows whose fault it was. */
const OUT_AFTER_FAILURE_MS = 1_000;
/** After the end of a process that nobody asked for: what may have been its cause is found in the queue, not here. */
const CLOSED_AFTER_CRASH_MS = 60_000;

/**
 * Runs messages as they come in, in the one transaction of their effects. What runs to its end within moments needs no
 * place in a queue: nothing is written of a message that does nothing. Everything else, and everything after a fault, is left
 * to the queue, with its retries, its holds and its dead letters.
 */
export class StraightRuns implements StraightRunner {
  readonly alongside = PUBLISHED_CHAINS;
  /** Until when a tenant is not tried, by the clock. */
  readonly #out = new Map<string, number>();
  /** Until when a tenant is not tried while there are many messages, by the clock. */
  readonly #busy = new Map<string, number>();
  readonly #writing = new Set<Promise<unknown>>();
  readonly #closedUntil: number;

  /** @param afterCrash the process before this one ended without being asked to */
  constructor(
    private readonly runner: Pick<BatchRunner, 'runStraight' | 'runAhead'>,
    private readonly underWay: OriginatorsUnderWay,
    private readonly clock: Clock,
    afterCrash: boolean,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    this.#closedUntil = afterCrash ? clock.now() + CLOSED_AFTER_CRASH_MS : 0;
  }

  get isOpen(): boolean {
    return this.clock.now() >= this.#closedUntil;
  }

  takes(entry: QueueEntry): boolean {
    return !this.underWay.has(entry) && !this.#isIn(this.#out, entry.tenantId);
  }

  async run(entries: readonly QueueEntry[], alongside: unknown): Promise<readonly StraightEnd[]> {
    const isQuiet = entries.length <= FEW && this.#writing.size === 0;
    const tried = isQuiet ? entries : entries.filter(({ tenantId }) => !this.#isIn(this.#busy, tenantId));
    if (tried.length === 0) return entries.map(() => false);
    const ends = await this.#run(tried, alongside, isQuiet);
    return entries.map((entry) => ends.get(entry) ?? false);
  }

  async #run(
    entries: readonly QueueEntry[],
    alongside: unknown,
    isQuiet: boolean,
  ): Promise<ReadonlyMap<QueueEntry, StraightEnd>> {
    const running = new Map<QueueEntry, RunningEntry>(entries.map((entry) => [entry, { ...entry, attempts: 0 }]));
    const work = { entries: [...running.values()], alongside };
    const attempt = new StraightAttempt(
      (beforeEffects) =>
        isQuiet ? this.runner.runStraight(work, beforeEffects) : this.runner.runAhead(work, beforeEffects),
      this.patienceMs,
    );
    this.underWay.begin(entries, attempt.over);
    const ended = await attempt.ran;
    if (!isQuiet) this.#learn(work.entries, ended);
    const rest = attempt.failure.then((failure) => this.#judge(failure, entries));
    this.#write(rest);
    return new Map([...running].map(([entry, one]) => [entry, ended.has(one) || rest]));
  }

  #isIn(until: Map<string, number>, tenantId: string): boolean {
    if ((until.get(tenantId) ?? 0) > this.clock.now()) return true;
    until.delete(tenantId);
    return false;
  }

  #learn(entries: readonly RunningEntry[], ended: ReadonlySet<RunningEntry>): void {
    const balance = new Map<string, number>();
    for (const entry of entries)
      balance.set(entry.tenantId, (balance.get(entry.tenantId) ?? 0) + (ended.has(entry) ? 1 : -1));
    for (const [tenantId, sum] of balance)
      if (sum < 0) this.#busy.set(tenantId, this.clock.now() + QUEUED_AFTER_EFFECTS_MS);
  }

  #write(rest: Promise<boolean>): void {
    this.#writing.add(rest);
    void rest.then(() => this.#writing.delete(rest));
  }

  /** @returns whether all is done */
  #judge(failure: unknown, entries: readonly QueueEntry[]): boolean {
    if (failure === null) return true;
    const [tenantIds, ms] =
      failure instanceof BelongsIntoQueue
        ? [failure.tenantIds, OUT_AFTER_VERDICT_MS]
        : [entries.map(({ tenantId }) => tenantId), OUT_AFTER_FAILURE_MS];
    for (const tenantId of tenantIds) this.#out.set(tenantId, this.clock.now() + ms);
    return false;
  }
}
