import type { Queryable } from '../db/index.js';

/** How often the queue's length is looked at. */
const LOOK_EVERY_MS = 2000;

/** Whether the queue has room: looked at now and then, because counting costs more than accepting. */
export class QueueRoom {
  #full = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param limit messages that may wait */
  constructor(
    private readonly db: Queryable,
    private readonly limit: number,
  ) {}

  get isFull(): boolean {
    return this.#full;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Stops counting at the limit. A database that does not answer changes nothing: accepting will tell. */
  async look(): Promise<void> {
    const rows = await this.db
      .query<{ full: boolean }>('SELECT count(*) >= $1 AS full FROM (SELECT 1 FROM queue_message LIMIT $1) waiting', [
        this.limit,
      ])
      .catch(() => []);
    this.#full = rows[0]?.full ?? this.#full;
  }
}
