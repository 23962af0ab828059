import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

import { isTransient, Pace, type PaceOptions } from '../db/index.js';
import type { Log } from '../http/index.js';
import {
  ALL_PARTITIONS,
  type Batch,
  FencedError,
  type Next,
  type QueueClaims,
  type Recovery,
  SLOW_PARTITION,
  type WakeUp,
} from '../queue/index.js';
import type { BatchRunner } from './batch-runner.js';

export interface RuleEngineOptions {
  /** Messages that one claim takes at most. */
  readonly batchSize: number;
  /**
   * Batches under way at once in this process, the slow lane's not counted. A further one begins only when those under way
   * take longer than usual: one large batch costs far less than two small ones.
   */
  readonly concurrency: number;
  /** Milliseconds between looks into the queue when nobody wakes the engine: for held messages and other instances' work. */
  readonly pollMs: number;
}

export const DEFAULT_ENGINE_OPTIONS: RuleEngineOptions = { batchSize: 400, concurrency: 3, pollMs: 1000 };

/** A batch that takes longer than this lets another one begin beside it; in milliseconds. */
const PATIENCE_MS = 100;

/** Up to 125 batches a second are never delayed; a message waits 55 ms at most. */
const PACE: PaceOptions = {
  stepMs: 8,
  stepMsPerMessage: 0.15,
  mostMs: 40,
  share: 0.4,
  saved: 8,
  large: 100,
  busyMs: 30,
};

/** One batch after the other, and the partitions that are claimed for it. */
interface Work {
  partitions: readonly number[];
  /** When the batch began, by the monotonic clock in milliseconds. */
  since: number;
}

/** Messages of the slow lane that one claim takes: each may compute for long, and they share a transaction. */
const SLOW_BATCH = 4;

/** Takes batches from the queue while there are any, woken by commits. */
export class RuleEngine {
  readonly #dirty = new Set<number>();
  readonly #works = new Set<Work>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #pace = new Pace(PACE);
  #paceTimer: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;
  #stopped = false;
  #lastLook = 0;

  constructor(
    private readonly claims: QueueClaims,
    private readonly runner: BatchRunner,
    private readonly recovery: Recovery,
    private readonly wakeUp: WakeUp,
    private readonly log: Log,
    private readonly options: RuleEngineOptions = DEFAULT_ENGINE_OPTIONS,
  ) {}

  async start(): Promise<void> {
    await this.claims.prepare();
    await this.recovery.adoptOrphans();
    this.#stopListening = this.wakeUp.listen((partitions) => this.#wake(partitions));
    this.#poll();
  }

  /** Lets the batches under way end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening?.();
    clearTimeout(this.#timer);
    clearTimeout(this.#paceTimer);
    await Promise.all(this.#underWay);
  }

  /** Epoch milliseconds of the last look into the queue that the database answered; 0 before the first. */
  get lastLook(): number {
    return this.#lastLook;
  }

  #poll(): void {
    if (this.#stopped) return;
    this.#wake(ALL_PARTITIONS);
    this.recovery
      .adoptOrphans((partition) => this.#isBusy(partition))
      .then(
        () => (this.#lastLook = Date.now()),
        (error: unknown) =>
          this.log.warn({ err: error }, 'The rule engine cannot look into its queue; it tries again.'),
      );
    this.#timer = setTimeout(() => this.#poll(), this.options.pollMs);
  }

  #wake(partitions: readonly number[]): void {
    for (const partition of partitions) this.#dirty.add(partition);
    this.#pump();
  }

  #pump(): void {
    if (this.#stopped) return;
    if (this.#dirty.has(SLOW_PARTITION) && !this.#isBusy(SLOW_PARTITION)) this.#work([SLOW_PARTITION]);
    const partitions = this.#ready();
    if (partitions.length === 0 || !this.#hasRoom()) return;
    const waitMs = this.#pace.waitMs(performance.now());
    if (waitMs === 0) this.#work(partitions);
    else this.#paceTimer ??= setTimeout(() => this.#pumpLater(), waitMs);
  }

  #pumpLater(): void {
    this.#paceTimer = undefined;
    this.#pump();
  }

  #isBusy(partition: number, but?: Work): boolean {
    return [...this.#works].some((work) => work !== but && work.partitions.includes(partition));
  }

  /** Partitions with work that nobody does. @param but whose own partitions count as free */
  #ready(but?: Work): number[] {
    return [...this.#dirty].filter((partition) => partition !== SLOW_PARTITION && !this.#isBusy(partition, but));
  }

  #hasRoom(but?: Work): boolean {
    const others = [...this.#works].filter((work) => work !== but && !work.partitions.includes(SLOW_PARTITION));
    const now = performance.now();
    return others.length < this.options.concurrency && others.every(({ since }) => now - since >= PATIENCE_MS);
  }

  #work(partitions: readonly number[]): void {
    const work: Work = { partitions, since: performance.now() };
    this.#works.add(work);
    const running = this.#claimAndRun(work)
      .catch((error: unknown) =>
        this.log.warn(
          { err: error, partitions },
          'A batch of the rule engine could not be claimed; it is tried again.',
        ),
      )
      .then(() => {
        this.#works.delete(work);
        this.#underWay.delete(running);
        this.#pump();
      });
    this.#underWay.add(running);
  }

  /** Also runs the batches that are taken with the end of the one before. */
  async #claimAndRun(work: Work): Promise<void> {
    const most = work.partitions.includes(SLOW_PARTITION) ? SLOW_BATCH : this.options.batchSize;
    let batch = await this.claims.claim(this.#taking(work, work.partitions, most));
    while (batch !== null) batch = await this.#runAndTakeNext(work, batch);
  }

  #taking(work: Work, partitions: readonly number[], most: number): Next {
    for (const partition of partitions) this.#dirty.delete(partition);
    work.partitions = [...new Set([...work.partitions, ...partitions])];
    return { partitions, most };
  }

  async #runAndTakeNext(work: Work, batch: Batch): Promise<Batch | null> {
    this.#begin(work, batch);
    const taken: Next[] = [];
    const next = async (mayWait: boolean): Promise<Next | null> => {
      const found = await this.#nextOf(work, mayWait);
      if (found !== null) taken.push(found);
      return found;
    };
    try {
      return await this.runner.run(batch, next);
    } catch (error) {
      if (await this.#giveBack(batch, error))
        for (const partition of [...work.partitions, ...taken.flatMap(({ partitions }) => partitions)])
          this.#dirty.add(partition);
      return null;
    }
  }

  #begin(work: Work, batch: Batch): void {
    work.partitions = batch.claims.map(({ partition }) => partition);
    work.since = performance.now();
    for (const partition of batch.more) this.#dirty.add(partition);
    this.#pace.begun(batch.entries.length, work.since);
    setTimeout(() => this.#pump(), PATIENCE_MS).unref();
  }

  /** Where the next batch is claimed with the end of this one. @param mayWait nobody waits for this batch to be committed */
  async #nextOf(work: Work, mayWait: boolean): Promise<Next | null> {
    this.#pace.ended(performance.now());
    const waitMs = this.#pace.waitMs(performance.now());
    if (waitMs > 0 && !mayWait) return null;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const partitions = this.#stopped || !this.#hasRoom(work) ? [] : this.#ready(work);
    return partitions.length === 0 ? null : this.#taking(work, partitions, this.options.batchSize);
  }

  /** @returns whether it can be claimed again; otherwise the next look into the queue finds it */
  async #giveBack(batch: Batch, error: unknown): Promise<boolean> {
    try {
      await this.#recover(batch, error);
      return true;
    } catch (again) {
      this.log.warn({ err: again }, 'A batch could not be given back; it is tried again.');
      return false;
    }
  }

  async #recover(batch: Batch, error: unknown): Promise<void> {
    if (error instanceof FencedError) return this.log.warn(error.message);
    if (isTransient(error)) {
      this.log.warn({ err: error }, 'The database broke off a batch; its messages are run again.');
      return this.recovery.putBack(batch);
    }
    this.log.error(
      { err: error, messages: batch.entries.length },
      'A batch failed; its messages are run one at a time.',
    );
    await this.recovery.fail(batch, batchFailure(error));
  }
}

function batchFailure(error: unknown): NodeFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'batch-failed', message: `The message could not be worked on: ${reason}`, retryable: true };
}
