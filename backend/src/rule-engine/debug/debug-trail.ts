import type { Clock, Database } from '../../db/index.js';
import type { CoalescedEvents } from '../../http/events/index.js';
import type { Log } from '../../http/index.js';
import { type DebugRow, insertDebugRows } from './debug-rows.js';

/** Events of one tenant in one minute of this process; ThingsBoard allows 50,000 an hour. */
const MOST_OF_A_TENANT = 1000;
const WINDOW_MS = 60_000;
/** Events of all tenants that wait to be written. */
const MOST_WAITING = 5000;
/** Events of one statement. */
const MOST_AT_ONCE = 250;

/** Where something is dropped or written: a node of a tenant's chain. */
export type DebugPlace = Pick<DebugRow, 'tenantId' | 'chainId' | 'nodeId'>;

export interface DebugCounter {
  inc(labels: { readonly result: 'written' | 'dropped' }, value: number): void;
}

/**
 * Writes debug events beside the messages' transactions: one statement at a time, a bounded number waiting, a bounded number
 * of each tenant. What is too much is dropped and counted, and the next event of that node says how many.
 */
export class DebugTrail {
  #waiting: DebugRow[] = [];
  #admitted = 0;
  #writing: Promise<void> | undefined;
  #window = 0;
  readonly #ofTenants = new Map<string, number>();
  readonly #dropped = new Map<string, number>();

  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly clock: Clock,
    private readonly pages: Pick<CoalescedEvents, 'changed'>,
    private readonly counter: DebugCounter,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /**
   * Keeps room for one more event.
   * @returns how many events of that node were dropped since the last one; null: there is no room, and this one is, too
   */
  admit(place: DebugPlace): number | null {
    const window = Math.floor(this.clock.now() / WINDOW_MS);
    if (window !== this.#window) this.#ofTenants.clear();
    this.#window = window;
    const before = this.#ofTenants.get(place.tenantId) ?? 0;
    if (before >= MOST_OF_A_TENANT || this.#admitted >= MOST_WAITING) {
      this.#drop(place, 1);
      return null;
    }
    this.#ofTenants.set(place.tenantId, before + 1);
    this.#admitted += 1;
    return this.#takeDropped(place);
  }

  /** Gives back room for events that are not to be written after all. */
  release(rows: readonly (DebugPlace & Pick<DebugRow, 'dropped'>)[]): void {
    this.#admitted -= rows.length;
    for (const row of rows) {
      this.#remember(row, row.dropped);
      this.#ofTenants.set(row.tenantId, Math.max(0, (this.#ofTenants.get(row.tenantId) ?? 0) - 1));
    }
  }

  /** Takes admitted events; returns at once. */
  write(rows: readonly DebugRow[]): void {
    this.#waiting.push(...rows);
    this.#writing ??= this.#drain();
  }

  /** Resolves when everything that was handed over is written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    await Promise.resolve(); // lets the caller remember this promise first
    while (this.#waiting.length > 0) await this.#writeOnce(this.#waiting.splice(0, MOST_AT_ONCE));
    this.#writing = undefined;
  }

  async #writeOnce(rows: readonly DebugRow[]): Promise<void> {
    try {
      await insertDebugRows(this.database, rows);
      this.counter.inc({ result: 'written' }, rows.length);
      for (const tenantId of new Set(rows.map((row) => row.tenantId))) this.pages.changed(tenantId);
    } catch (error) {
      this.log.warn({ err: error }, 'Debug events could not be written and were dropped');
      for (const row of rows) {
        this.#remember(row, row.dropped);
        this.#drop(row, 1);
      }
    } finally {
      this.#admitted -= rows.length;
    }
  }

  #drop(place: DebugPlace, count: number): void {
    this.#remember(place, count);
    this.counter.inc({ result: 'dropped' }, count);
  }

  #remember(place: DebugPlace, dropped: number): void {
    const key = keyOf(place);
    if (dropped > 0) this.#dropped.set(key, (this.#dropped.get(key) ?? 0) + dropped);
  }

  #takeDropped(place: DebugPlace): number {
    const key = keyOf(place);
    const dropped = this.#dropped.get(key) ?? 0;
    this.#dropped.delete(key);
    return dropped;
  }
}

const keyOf = ({ tenantId, chainId, nodeId }: DebugPlace): string => `${tenantId} ${chainId} ${nodeId}`;
