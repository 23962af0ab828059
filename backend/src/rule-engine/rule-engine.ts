import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

import { isTransient } from '../db/index.js';
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

/** Messages of the slow lane that one claim takes: each may compute for long, and they share a transaction. */
const SLOW_BATCH = 4;

/** Takes batches from the queue while there are any, woken by commits. */
export class RuleEngine {
  readonly #dirty = new Set<number>();
  /** When work on a partition began, by the monotonic clock in milliseconds. */
  readonly #busy = new Map<number, number>();
  readonly #underWay = new Set<Promise<void>>();
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
      .adoptOrphans((partition) => this.#busy.has(partition))
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
    for (let next = this.#nextPartition(); next !== undefined; next = this.#nextPartition()) this.#work(next);
  }

  #nextPartition(): number | undefined {
    return [...this.#dirty].find((partition) => !this.#busy.has(partition) && this.#hasRoomFor(partition));
  }

  /** @param leaving a partition that is about to be free */
  #hasRoomFor(partition: number, leaving?: number): boolean {
    if (this.#stopped) return false;
    if (partition === SLOW_PARTITION) return true;
    const underWay = [...this.#busy].filter(([busy]) => busy !== SLOW_PARTITION && busy !== leaving);
    const now = performance.now();
    return underWay.length < this.options.concurrency && underWay.every(([, since]) => now - since >= PATIENCE_MS);
  }

  #work(partition: number): void {
    this.#begin(partition);
    const work = this.#claimAndRun(partition)
      .catch((error: unknown) =>
        this.log.warn({ err: error, partition }, 'A batch of the rule engine could not be claimed; it is tried again.'),
      )
      .then(() => {
        this.#underWay.delete(work);
        this.#pump();
      });
    this.#underWay.add(work);
  }

  /** Also runs the batches that are taken with the end of the one before. */
  async #claimAndRun(partition: number): Promise<void> {
    const most = partition === SLOW_PARTITION ? SLOW_BATCH : this.options.batchSize;
    let batch = await this.claims.claim(partition, most).catch((error: unknown) => {
      this.#end(partition, false);
      throw error;
    });
    if (batch === null) this.#end(partition, false);
    while (batch !== null) batch = await this.#runAndTakeNext(batch);
  }

  async #runAndTakeNext(batch: Batch): Promise<Batch | null> {
    let taken: number | undefined;
    const next = (): Next | null => {
      taken = this.#take(batch.partition);
      return taken === undefined ? null : { partition: taken, most: this.options.batchSize };
    };
    let following: Batch | null = null;
    let dirty = batch.mayHaveMore;
    let failed = false;
    try {
      following = await this.runner.run(batch, next);
    } catch (error) {
      failed = true;
      dirty = await this.#giveBack(batch, error);
    }
    this.#end(batch.partition, dirty);
    if (taken !== undefined && following === null) this.#end(taken, failed && dirty);
    this.#pump();
    return following;
  }

  /** The partition whose next batch is claimed with the end of the one of `leaving`. */
  #take(leaving: number): number | undefined {
    const next = [...this.#dirty].find(
      (partition) => partition !== SLOW_PARTITION && !this.#busy.has(partition) && this.#hasRoomFor(partition, leaving),
    );
    if (next !== undefined) this.#begin(next);
    return next;
  }

  #begin(partition: number): void {
    this.#dirty.delete(partition);
    this.#busy.set(partition, performance.now());
    setTimeout(() => this.#pump(), PATIENCE_MS).unref();
  }

  #end(partition: number, isDirty: boolean): void {
    this.#busy.delete(partition);
    if (isDirty) this.#dirty.add(partition);
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
      { err: error, partition: batch.partition, messages: batch.entries.length },
      'A batch failed; its messages are run one at a time.',
    );
    await this.recovery.fail(batch, batchFailure(error));
  }
}

function batchFailure(error: unknown): NodeFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'batch-failed', message: `The message could not be worked on: ${reason}`, retryable: true };
}
