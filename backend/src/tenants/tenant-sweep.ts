import { Inject, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

import { Database } from '../db/index.js';
import { LOG, type Log } from '../http/index.js';
import { TenantRemoval } from './tenant-removal.js';

const EVERY_MS = 5_000;
/** Longer than anything can be under way: a batch of messages, a mail that a server is slow to take. */
const SWEPT_MINUTES = 15;

/**
 * When a tenant is deleted, messages and mails of it may be under way. What they write afterwards into tables without a
 * foreign key would belong to nobody: it is swept up.
 */
export class TenantSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

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
    clearInterval(this.#timer);
    await this.#round;
  }

  /** One instance sweeps at a time. */
  async run(): Promise<void> {
    await this.database.transaction(async (uow) => {
      const deleted = await uow.query<{ id: string }>('SELECT id FROM deleted_tenant FOR UPDATE SKIP LOCKED');
      for (const { id } of deleted) await this.removal.forget(uow, id);
      const sql =
        'DELETE FROM deleted_tenant WHERE id = ANY ($1::uuid[]) AND deleted_at < now() - make_interval(mins => $2)';
      if (deleted.length > 0) await uow.query(sql, [deleted.map(({ id }) => id), SWEPT_MINUTES]);
    });
  }
}
