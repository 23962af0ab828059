import { randomBytes, randomUUID } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { addTenant } from '../queue/queue.testing.js';
import { SecretBox } from '../secrets/index.js';
import { AttemptCounts } from './attempt-counts.js';
import { AccountLinks } from './links/account-links.js';
import { OidcSignIns } from './oidc/oidc-sign-ins.js';
import { Sessions } from './sessions.js';
import { PendingSignIns } from './two-factor/pending-sign-ins.js';

const MANY = 20_000;
/** `n`, and a time far off but for one in a hundred. */
const NUMBERS = `(SELECT n, now() + make_interval(hours => CASE WHEN n % 100 = 0 THEN -10000 ELSE 1 END) AS ends
  FROM generate_series(1, $3::int) n) of_each`;
const clock = { now: () => Date.now() };

let db: Database;
let owner: { readonly tenantId: string; readonly userId: string };
beforeAll(async () => {
  db = await createTestDatabase();
  owner = { tenantId: await addTenant(db), userId: randomUUID() };
  await db.query(
    `INSERT INTO user_account (tenant_id, id, email, name, role) VALUES ($1, $2, 'a@example.org', '', 'tenant-operator')`,
    [owner.tenantId, owner.userId],
  );
});
afterAll(() => db.close());

/** What is deleted by its end: how a row is made, and what deletes those that are over. */
const EXPIRING: Readonly<Record<string, { readonly row: string; readonly sweep: () => Promise<unknown> }>> = {
  session: {
    row: `(token_hash, tenant_id, user_id, expires_at) SELECT sha256(n::text::bytea), $1, $2, ends`,
    sweep: () =>
      db.transaction((uow) =>
        new Sessions(db).create(uow, owner, { address: '127.0.0.1', userAgent: 'a browser', deviceToken: undefined }),
      ),
  },
  sign_in_count: {
    row: `(key, attempts, until) SELECT concat('key ', n, $1::uuid, $2::uuid), 1, ends`,
    sweep: () => new AttemptCounts(db).forget([['somebody']]),
  },
  account_link: {
    row: `(token_hash, purpose, tenant_id, user_id, expires_at) SELECT sha256(n::text::bytea), 'unlock', $1, $2, ends`,
    sweep: () =>
      db.transaction((uow) =>
        new AccountLinks({ publicUrl: 'http://signalpost.test' }).create(uow, { purpose: 'activation', ...owner }),
      ),
  },
  pending_sign_in: {
    row: `(token_hash, tenant_id, user_id, expires_at) SELECT sha256(n::text::bytea), $1, $2, ends`,
    sweep: () => new PendingSignIns(db, clock).create(owner),
  },
  oidc_sign_in: {
    row: `(state_hash, tenant_id, browser_hash, nonce, verifier, return_url, expires_at)
      SELECT sha256(n::text::bytea), $1, '', $2::uuid, '', '', ends`,
    sweep: () => {
      const box = new SecretBox([{ kid: 'test', key: randomBytes(32) }]);
      return new OidcSignIns(db, box, clock).begin(owner.tenantId, 'a browser', '/');
    },
  },
};

/** The statements that delete, as they reach PostgreSQL. */
async function deletions(work: () => Promise<unknown>): Promise<pg.QueryConfig[]> {
  const asked = vi.spyOn(pg.Client.prototype, 'query');
  await work();
  const statements = asked.mock.calls.map(([statement]) => statement as unknown as pg.QueryConfig | string); // it has many forms
  asked.mockRestore();
  return statements.filter((one) => typeof one !== 'string').filter(({ text }) => text.startsWith('DELETE'));
}

it.each(Object.entries(EXPIRING))(
  'finds what is over in %s without reading all that is not',
  async (table, { row, sweep }) => {
    await db.query(`INSERT INTO ${table} ${row} FROM ${NUMBERS}`, [owner.tenantId, owner.userId, MANY]);
    await db.query(`ANALYZE ${table}`);
    const [statement, ...others] = await deletions(sweep);
    const plan = await db.query(`EXPLAIN ${statement?.text}`, statement?.values);
    expect(JSON.stringify(plan)).toContain(`${table}_end`);
    expect(others).toEqual([]);
  },
);
