import type { Clock } from './clock.js';
import type { Database } from './database.js';
import { dropEndedMutes } from './ended-mutes.js';
import { dropExpiredTelemetry } from './expired-telemetry.js';
import { hotTables, type Retention } from './hot-tables.js';
import { keepPartitions } from './partitions.js';

const EVERY_MS = 60 * 60 * 1000;

/** Keeps the hot tables' partitions made and dropped while the product runs, and drops what else has ended. */
export class Upkeep {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly retention: Retention,
    private readonly warn: (error: unknown) => void,
  ) {}

  /** The first round is awaited: rows find their partition from the first one on. */
  async start(): Promise<void> {
    await this.run();
    this.#timer = setInterval(() => void this.run().catch(this.warn), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async run(): Promise<void> {
    await keepPartitions(this.database, hotTables(this.retention), this.clock.now());
    await this.database.query('DELETE FROM delivery_key WHERE created_at < now() - make_interval(days => $1)', [
      this.retention.mailLogDays,
    ]);
    await dropEndedMutes(this.database);
    await dropExpiredTelemetry(this.database, this.clock.now());
  }
}
