import type { PoolClient } from 'pg';

import type { Database } from './database.js';

/** First key of the advisory locks by which instances show that they live; the second is the instance's id. */
const INSTANCE_LOCK = 7_301_102;

/**
 * The ids of the instances alive, as a subquery. PostgreSQL drops the lock in the moment the process or its connection
 * dies, so nobody waits for a lease to run out and no clock is involved.
 */
export const LIVE_INSTANCES_SQL = `(
  SELECT objid::int FROM pg_locks
  WHERE locktype = 'advisory' AND classid = ${INSTANCE_LOCK} AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;

/** Pause before a lost connection is opened again; the database is restarting or out of reach. */
const REOPEN_AFTER_MS = 1000;

/**
 * This process as one of possibly many on the same database: what it works on carries its id. It lives as long as its
 * connection holds the lock. When the connection is lost, others may take its work at once, and it goes on under a new id;
 * work under the old one cannot commit (fencing).
 */
export class Instance {
  #client: PoolClient | undefined;
  #id = 0;
  #closed = false;
  #followsCrash = false;

  private constructor(private readonly database: Database) {}

  static async open(database: Database): Promise<Instance> {
    const instance = new Instance(database);
    await instance.#register();
    return instance;
  }

  get id(): number {
    return this.#id;
  }

  /** Whether a process on this database had ended without `leave` when this one began: it was killed, or it crashed. */
  get followsCrash(): boolean {
    return this.#followsCrash;
  }

  /** @returns how many had ended without `leave` */
  async forgetDead(): Promise<number> {
    const dead = await this.database.query(
      `DELETE FROM instance WHERE id <> ALL ${arrayOf(LIVE_INSTANCES_SQL)} RETURNING id`,
    );
    return dead.length;
  }

  /** The end that was asked for: whoever comes next finds nothing of this process. */
  async leave(): Promise<void> {
    await this.database.query('DELETE FROM instance WHERE id = $1', [this.#id]).catch(() => undefined);
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#client?.release(true);
    this.#client = undefined;
  }

  async #register(): Promise<void> {
    const client = await this.database.pool.connect();
    try {
      const { rows } = await client.query<{ id: number }>('INSERT INTO instance DEFAULT VALUES RETURNING id');
      const id = rows[0]?.id ?? 0;
      await client.query('SELECT pg_advisory_lock($1, $2)', [INSTANCE_LOCK, id]);
      client.once('error', () => this.#lost(client));
      client.once('end', () => this.#lost(client));
      this.#id = id;
      this.#client = client;
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#followsCrash = (await this.forgetDead()) > 0;
  }

  #lost(client: PoolClient): void {
    if (this.#client !== client || this.#closed) return;
    this.#client = undefined;
    client.release(true);
    this.#reopen();
  }

  #reopen(): void {
    setTimeout(() => {
      if (this.#closed) return;
      this.#register().catch(() => this.#reopen());
    }, REOPEN_AFTER_MS).unref();
  }
}

function arrayOf(subquery: string): string {
  return `(ARRAY${subquery})`;
}
