import { pageQuerySchema } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { readPage } from './index.js';

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.query(
    'CREATE TABLE note (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), at timestamptz NOT NULL, n int NOT NULL)',
  );
  await db.query(
    `INSERT INTO note (at, n) SELECT '2026-11-21T05:00:00.123456Z'::timestamptz + (n / 3) * interval '1 microsecond', n FROM generate_series(1, 25) n`,
  );
});
afterAll(() => db.close());

const newestFirst = {
  sql: 'SELECT id, at, n FROM note WHERE n > $1',
  values: [0],
  keys: { at: 'timestamptz', id: 'uuid' },
  order: 'DESC',
} as const;
const page = (cursor: string | undefined, limit = 4) =>
  readPage(db, newestFirst, cursor === undefined ? { limit } : { cursor, limit }, ({ n }) => n);

async function walk(onPage: (number: number) => Promise<unknown> = () => Promise.resolve()): Promise<number[]> {
  const seen: number[] = [];
  let cursor: string | undefined;
  for (let number = 0; ; number += 1) {
    const { items, nextCursor } = await page(cursor);
    seen.push(...items);
    if (nextCursor === null) return seen;
    cursor = nextCursor;
    await onPage(number);
  }
}

it('shows each row once, also where many have the same time to the microsecond', async () => {
  const seen = await walk();
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
});

it('neither repeats nor skips what was there while rows come and go', async () => {
  const seen = await walk(async (number) => {
    if (number === 1) await db.query(`INSERT INTO note (at, n) VALUES (now(), 100)`);
  });
  expect(seen).toHaveLength(25);
  await db.query('DELETE FROM note WHERE n = 100');
});

it('ends exactly with the last row', async () => {
  expect((await page(undefined, 25)).nextCursor).toBeNull();
  expect((await page(undefined, 24)).nextCursor).not.toBeNull();
});

it('refuses a cursor that it did not give', async () => {
  const forged = [
    'x',
    '',
    Buffer.from('["now", "1"]').toString('base64url'),
    Buffer.from('["2026-11-21 05:00:00+00"]').toString('base64url'),
  ];
  for (const cursor of forged) await expect(page(cursor)).rejects.toMatchObject({ code: 'validation-failed' });
});

it('takes pages of 1 to 100 rows, 50 when nothing is said', () => {
  expect(pageQuerySchema.parse({})).toEqual({ limit: 50 });
  expect(pageQuerySchema.parse({ limit: '100' })).toEqual({ limit: 100 });
  for (const limit of ['0', '101', '1.5', 'all']) expect(pageQuerySchema.safeParse({ limit }).success).toBe(false);
});
