import type { Pool, PoolClient } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

import { ask } from './ask.js';
import { LazyTransaction, runAll } from './lazy-transaction.js';
import type { PreparedSql, Queryable, Row, UnitOfWork } from './unit-of-work.js';

/** TypeORM's PostgreSQL driver keeps its pg pool here; hot paths and entities share it. */
interface PostgresDriverPool {
  master: Pool;
}

/** The one door to PostgreSQL: single statements on the pool, everything else in a `UnitOfWork`. */
export class Database implements Queryable {
  readonly pool: Pool;

  /** @param hot connections that plan a statement once */
  constructor(
    readonly dataSource: DataSource,
    private readonly hot: Pool,
  ) {
    this.pool = (dataSource.driver as unknown as PostgresDriverPool).master; // typed `any` by TypeORM
  }

  /** Entities outside a transaction. */
  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  query<R extends Row>(sql: string | PreparedSql, values: readonly unknown[] = []): Promise<R[]> {
    return ask<R>(typeof sql === 'string' ? this.pool : this.hot, sql, values);
  }

  /**
   * As `transaction`, begun by its first statement: work that turns out to need nothing of the database but its end pays one
   * statement instead of three. For SQL alone: it has no `manager`.
   */
  async lazyTransaction<T>(work: (uow: UnitOfWork) => Promise<T>): Promise<T> {
    const transaction = new LazyTransaction(this.hot);
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }

  /** Runs `work` in one transaction; an exception rolls back and goes on to the caller. */
  async transaction<T>(work: (uow: UnitOfWork) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const after: (() => void)[] = [];
    try {
      await runner.startTransaction();
      const result = await work(await openUnitOfWork(runner, after));
      await runner.commitTransaction();
      runAll(after);
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await rollback(runner);
      throw error;
    } finally {
      await runner.release();
    }
  }

  async close(): Promise<void> {
    await this.hot.end();
    await this.dataSource.destroy();
  }
}

async function openUnitOfWork(runner: QueryRunner, after: (() => void)[]): Promise<UnitOfWork> {
  const client = (await runner.connect()) as PoolClient; // TypeORM's PostgreSQL runner gives pg's client
  const query = <R extends Row>(sql: string | PreparedSql, values: readonly unknown[] = []) =>
    ask<R>(client, sql, values);
  return { manager: runner.manager, query, last: query, hasBegun: true, afterCommit: (step) => after.push(step) };
}

/** A connection that died cannot roll back, and need not: the server has done so. The first error is the one to tell. */
async function rollback(runner: QueryRunner): Promise<void> {
  await runner.rollbackTransaction().catch(() => undefined);
}
