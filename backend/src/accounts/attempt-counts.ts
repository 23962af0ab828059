import { createHash } from 'node:crypto';

import { Inject } from '@nestjs/common';

import { Database } from '../db/index.js';

/** Something that may happen so often in a window. */
export interface Counted {
  /** What is counted; stored as a hash, so that no table of addresses grows of people who never had an account. */
  readonly key: readonly string[];
  readonly limit: number;
}

interface CountRow {
  readonly key: string;
  readonly attempts: number;
  readonly seconds_left: number;
}

/** Writes the table `sign_in_count`: counters in the database, so that all instances count together. */
export class AttemptCounts {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Counts one more of each. @returns the seconds until the window ends of those that are over their limit; 0: none is */
  async count(what: readonly Counted[], windowMinutes: number): Promise<number> {
    const limits = new Map(what.map(({ key, limit }) => [digest(key), limit]));
    const rows = await this.database.query<CountRow>(COUNT, [[...limits.keys()], windowMinutes]);
    const over = rows.filter(({ key, attempts }) => attempts > (limits.get(key) ?? 0));
    return over.length === 0 ? 0 : Math.max(1, ...over.map(({ seconds_left: seconds }) => seconds));
  }

  async forget(keys: readonly Counted['key'][]): Promise<void> {
    await this.database.query(`DELETE FROM sign_in_count WHERE key = ANY ($1) OR until < now()`, [keys.map(digest)]);
  }

  /** As if it had not been counted. */
  async takeBack(key: Counted['key']): Promise<void> {
    await this.database.query(`UPDATE sign_in_count SET attempts = attempts - 1 WHERE key = $1`, [digest(key)]);
  }
}

const digest = (parts: readonly string[]): string => createHash('sha256').update(parts.join('\n')).digest('base64url');

const COUNT = `
  INSERT INTO sign_in_count AS c (key, attempts, until)
  SELECT key, 1, now() + make_interval(mins => $2) FROM unnest($1::text[]) key ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    attempts = CASE WHEN c.until <= now() THEN 1 ELSE c.attempts + 1 END,
    until = CASE WHEN c.until <= now() THEN EXCLUDED.until ELSE c.until END
  RETURNING key, attempts, extract(epoch FROM until - now())::float8 AS seconds_left`;
