import type { Pool, PoolClient } from 'pg';

import { ask } from './ask.js';
import type { PreparedSql, Row, UnitOfWork } from './unit-of-work.js';

/** A transaction that begins with its first statement. */
export class LazyTransaction implements UnitOfWork {
  #client: Promise<PoolClient> | undefined;
  readonly #after: (() => void)[] = [];

  constructor(private readonly pool: Pool) {}

  get hasBegun(): boolean {
    return this.#client !== undefined;
  }

  get manager(): never {
    throw new Error('A transaction that begins with its first statement speaks SQL alone.');
  }

  async query<R extends Row>(sql: string | PreparedSql, values: readonly unknown[] = []): Promise<R[]> {
    return ask<R>(await (this.#client ??= this.#begin()), sql, values);
  }

  last<R extends Row>(sql: string | PreparedSql, values: readonly unknown[] = []): Promise<R[]> {
    return this.hasBegun ? this.query<R>(sql, values) : ask<R>(this.pool, sql, values);
  }

  afterCommit(work: () => void): void {
    this.#after.push(work);
  }

  async commit(): Promise<void> {
    const client = await this.#client;
    await client?.query('COMMIT');
    this.#release(client);
    runAll(this.#after);
  }

  /** A connection that died cannot roll back, and need not: the server has done so. */
  async rollback(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.query('ROLLBACK').catch(() => undefined);
    this.#release(client);
  }

  async #begin(): Promise<PoolClient> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  #release(client: PoolClient | undefined): void {
    this.#client = undefined;
    client?.release();
  }
}

/** The commit stands, whatever happens here: an error must not look like a failed transaction. */
export function runAll(steps: readonly (() => void)[]): void {
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}
