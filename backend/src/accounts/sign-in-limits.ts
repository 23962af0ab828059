import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

import { Inject } from '@nestjs/common';

import { Database } from '../db/index.js';
import { ProblemError } from '../http/index.js';

const WINDOW_MINUTES = 15;

/** Attempts in a window. The first stops guessing one password, without letting a stranger lock out the owner; the others stop a crowd and a list. */
const LIMITS = { pair: 10, address: 50, source: 100 } as const;

const COUNTED = ['pair', 'address', 'source'] as const satisfies readonly (keyof typeof LIMITS)[];
type Counted = (typeof COUNTED)[number];

interface CountRow {
  key: string;
  attempts: number;
  seconds_left: number;
}

/**
 * Counts sign-ins for each address, source and pair of both, in the database, so that all instances count together. An
 * attempt is counted before the password is looked at: attempts at the same time cannot slip through.
 */
export class SignInLimits {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @throws ProblemError `too-many-requests` with the seconds until the window ends */
  async count(email: string, source: string): Promise<void> {
    const keys = keysOf(email, source);
    const rows = await this.database.query<CountRow>(COUNT, [Object.values(keys), WINDOW_MINUTES]);
    const over = rows.filter((row) => COUNTED.some((what) => row.key === keys[what] && row.attempts > LIMITS[what]));
    if (over.length === 0) return;
    throw new ProblemError('too-many-requests', {
      detail: 'There were too many attempts to sign in.',
      retryAfterSeconds: Math.max(1, ...over.map((row) => row.seconds_left)),
    });
  }

  /** Who knew the password is no guesser. */
  async forgive(email: string, source: string): Promise<void> {
    const { pair, address, source: sourceKey } = keysOf(email, source);
    await this.database.query(`DELETE FROM sign_in_count WHERE key = ANY ($1) OR until < now()`, [[pair, address]]);
    await this.database.query(`UPDATE sign_in_count SET attempts = attempts - 1 WHERE key = $1`, [sourceKey]);
  }
}

const COUNT = `
  INSERT INTO sign_in_count AS c (key, attempts, until)
  SELECT key, 1, now() + make_interval(mins => $2) FROM unnest($1::text[]) key ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    attempts = CASE WHEN c.until <= now() THEN 1 ELSE c.attempts + 1 END,
    until = CASE WHEN c.until <= now() THEN EXCLUDED.until ELSE c.until END
  RETURNING key, attempts, extract(epoch FROM until - now())::float8 AS seconds_left`;

/** Hashed: the table then holds no addresses of people who never had an account. */
function keysOf(email: string, source: string): Readonly<Record<Counted, string>> {
  const [address, network] = [email.toLowerCase(), networkOf(source)];
  return {
    pair: digest('pair', address, network),
    address: digest('address', address),
    source: digest('source', network),
  };
}

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url');

/** One IPv6 subscriber has a /64: 2^64 addresses. */
const networkOf = (source: string): string =>
  isIPv6(source) && !source.startsWith('::ffff:') ? expandIPv6(source).slice(0, 4).join(':') : source;

function expandIPv6(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const [left, right] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  if (left === undefined || right === undefined || tail === undefined) return head.split(':');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}
