import type { PoolClient } from 'pg';

import type { Database } from './database.js';

/** Pause before a lost listening connection is opened again. */
const REOPEN_AFTER_MS = 1000;

export interface ListenerHooks {
  received(payload: string): void;
  /** The connection was lost and is there again; notifications may have been missed. */
  reopened(): void;
}

/** Hears what is sent on one channel by NOTIFY, on a connection of its own. */
export class Listener {
  #client: PoolClient | undefined;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly channel: string,
    private readonly hooks: ListenerHooks,
  ) {}

  async start(): Promise<void> {
    const client = await this.database.pool.connect();
    client.on('notification', ({ payload }) => this.hooks.received(payload ?? ''));
    client.once('error', () => this.#lost(client));
    client.once('end', () => this.#lost(client));
    this.#client = client;
    await client.query(`LISTEN ${this.channel}`);
  }

  stop(): void {
    this.#stopped = true;
    this.#client?.release(true);
    this.#client = undefined;
  }

  #lost(client: PoolClient): void {
    if (this.#client !== client || this.#stopped) return;
    this.#client = undefined;
    client.release(true);
    this.#reopen();
  }

  #reopen(): void {
    setTimeout(() => {
      if (this.#stopped) return;
      this.start().then(
        () => this.hooks.reopened(),
        () => this.#reopen(),
      );
    }, REOPEN_AFTER_MS).unref();
  }
}
