import { Inject, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

import { Database } from '../db/index.js';
import { LOG, type Log } from '../http/index.js';
import { TenantRemoval } from './tenant-removal.js';

const EVERY_MS = 5_000;
/** Longer than anything can be under way: a batch of messages, a mail that a server is slow to take. */
const SWEPT_MINUTES = 15;

/** Rows that one transaction deletes of a table: short ones, whatever has gathered. */
const MOST_AT_ONCE = 5000;

/**
 * Deletes what a deleted tenant left: its history and logs, which may be millions of rows, in short transactions; and what
 * messages and mails that were under way at that moment write afterwards into tables without a foreign key. A crash in
 * between costs nothing: whoever comes next goes on.
 */
export class TenantSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(TenantRemoval) private readonly removal: TenantRemoval,
    @Inject(LOG) private readonly log: Pick<Log, 'warn'>,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#round = this.#round
        .then(() => this.run())
        .catch((error: unknown) => {
          this.log.warn({ err: error }, 'What a deleted tenant left could not be swept up; it is tried again');
        });
    }, EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#round;
  }

  async run(): Promise<void> {
    const deleted = await this.database.query<{ id: string }>('SELECT id FROM deleted_tenant ORDER BY deleted_at');
    for (const { id } of deleted) {
      await this.database.transaction((uow) => this.removal.forget(uow, id));
      while (!this.#stopping && (await this.#sweepSome(id)));
    }
  }

  /** One instance at a time. @returns whether there may be more */
  async #sweepSome(id: string): Promise<boolean> {
    return this.database.transaction(async (uow) => {
      const mine = await uow.query('SELECT 1 FROM deleted_tenant WHERE id = $1 FOR UPDATE SKIP LOCKED', [id]);
      if (mine.length === 0) return false;
      if ((await this.removal.forgetSome(uow, id, MOST_AT_ONCE)) > 0) return true;
      const over = 'DELETE FROM deleted_tenant WHERE id = $1 AND deleted_at < now() - make_interval(mins => $2)';
      await uow.query(over, [id, SWEPT_MINUTES]);
      return false;
    });
  }
}
