import type { EntityManager } from 'typeorm';

/** A row as SQL gives it; the query's spec on a real PostgreSQL vouches for the type that the caller names. */
export type Row = object;

/** A statement that the server plans once a connection: for the hot paths. */
export interface PreparedSql {
  readonly name: string;
  readonly text: string;
}

/** Something that can be asked in SQL: the pool, or the transaction under way. */
export interface Queryable {
  /** @param values one for each `$n`; arrays become PostgreSQL arrays. */
  query<R extends Row>(sql: string | PreparedSql, values?: readonly unknown[]): Promise<R[]>;
}

/**
 * One database transaction, handed on explicitly: whoever writes takes it as a parameter, so that one look at a signature
 * tells what commits together. `query` and `manager` speak on the same connection.
 */
export interface UnitOfWork extends Queryable {
  /** TypeORM on the same connection, for entities. */
  readonly manager: EntityManager;
  /** Runs after the commit (wake-ups, events); never after a rollback. Must not throw. */
  afterCommit(work: () => void): void;
  /**
   * Whether anything was asked yet. Only a transaction that begins with its first statement can say no; its last statement,
   * if it is the only one, commits by itself.
   */
  readonly hasBegun: boolean;
  /** As `query`, and nothing more is asked. */
  last<R extends Row>(sql: string | PreparedSql, values?: readonly unknown[]): Promise<R[]>;
}
