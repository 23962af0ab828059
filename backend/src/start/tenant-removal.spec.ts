import { afterAll, beforeAll, expect, it } from 'vitest';

import { systemClock, Upkeep } from '../db/index.js';
import { MailRemovalModule } from '../mail/index.js';
import { TenantRemoval, TenantSweep } from '../tenants/index.js';
import { TimeseriesModule } from '../timeseries/index.js';
import { seedPeople, send, signedIn, startTestApp, type TestApp } from './test-app.testing.js';

let test: TestApp;
let system: { Cookie: string };
beforeAll(async () => {
  test = await startTestApp({ rooms: [TimeseriesModule, MailRemovalModule] });
  const keepAll = { telemetryDays: null, mailLogDays: 30, auditDays: null };
  await new Upkeep(test.database, systemClock, keepAll, () => undefined).run(); // makes today's partitions
  await test.app.get(TenantSweep).beforeApplicationShutdown(); // the rounds here are ours
  const { emails } = await seedPeople(test);
  system = await signedIn(test.url, emails.system);
});
afterAll(() => test.close());

const VALUES = 12_000;

/** Of 1970 in the default partition, of today in one of their own. */
type When = 'both' | 'old' | 'new';

async function tenantWithHistory(name: string, when: When = 'both'): Promise<string> {
  const { id } = (await send(`${test.url}/api/tenants`, 'POST', { name }, system)).body;
  await test.database.query(
    `INSERT INTO telemetry (tenant_id, entity_id, key, ts, value)
     SELECT $1, $1, 'temperature', CASE WHEN $3 = 'old' OR $3 = 'both' AND n % 2 = 0 THEN n ELSE extract(epoch FROM now())::bigint * 1000 + n END, '1'
     FROM generate_series(1, $2::int) n`,
    [id, VALUES, when],
  );
  return String(id);
}

async function valuesOf(tenantId: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS count FROM telemetry WHERE tenant_id = $1';
  const [row] = await test.database.query<{ count: number }>(sql, [tenantId]);
  return row?.count ?? -1;
}

const remove = (id: string, name: string) =>
  send(`${test.url}/api/tenants/${id}?confirm=${name}`, 'DELETE', undefined, system);
const remembered = async (id: string) => {
  const rows = await test.database.query('SELECT 1 FROM deleted_tenant WHERE id = $1', [id]);
  return rows.length > 0;
};
const sweep = (removal = test.app.get(TenantRemoval)) =>
  new TenantSweep(test.database, removal, { warn: () => undefined }).run();
const agePast = (id: string) =>
  test.database.query(`UPDATE deleted_tenant SET deleted_at = now() - interval '16 minutes' WHERE id = $1`, [id]);

it('lets a tenant disappear at once, and its values afterwards, and touches no other tenant', async () => {
  // each in a partition of its own: their rows have the same places there
  const [gone, kept] = [await tenantWithHistory('Gone', 'old'), await tenantWithHistory('Kept', 'new')];
  expect((await remove(gone, 'Gone')).status).toBe(204);
  expect((await send(`${test.url}/api/tenants/${gone}`, 'GET', undefined, system)).status).toBe(404);
  expect(await valuesOf(gone)).toBe(VALUES);
  await sweep();
  expect([await valuesOf(gone), await valuesOf(kept)]).toEqual([0, VALUES]);
});

it('goes on where a crash ended it, in short transactions, and forgets the tenant when nothing is left', async () => {
  const id = await tenantWithHistory('Long');
  await remove(id, 'Long');
  await agePast(id);
  const crashing = new TenantRemoval();
  let parts = 0;
  crashing.addLeftovers((uow, tenantId, most) => {
    parts += 1;
    if (parts === 2) throw new Error('killed');
    return test.app.get(TenantRemoval).forgetSome(uow, tenantId, most);
  });
  await expect(sweep(crashing)).rejects.toThrow('killed');
  const between = await valuesOf(id);
  expect(between).toBeGreaterThan(0);
  expect(between).toBeLessThan(VALUES);
  expect(await remembered(id)).toBe(true);
  await sweep();
  expect(await valuesOf(id)).toBe(0);
  expect(await remembered(id)).toBe(false);
});

it('remembers a deleted tenant while something of it may be under way', async () => {
  const id = await tenantWithHistory('Recent');
  await remove(id, 'Recent');
  await sweep();
  expect([await valuesOf(id), await remembered(id)]).toEqual([0, true]);
  await agePast(id);
  await sweep();
  expect(await remembered(id)).toBe(false);
});

it('keeps no mail that would be sent or seen for a moment, and deletes the others afterwards', async () => {
  const { id } = (await send(`${test.url}/api/tenants`, 'POST', { name: 'Mailing' }, system)).body;
  const mail = (state: string, template: string | null, settled: boolean) =>
    test.database.query(
      `INSERT INTO delivery (tenant_id, id, server_tenant_id, server_id, give_up_at, recipients, state, template, settled_at)
       VALUES ($1, gen_random_uuid(), $1, $1, now(), '{a@example.org}', $2, $3, CASE WHEN $4 THEN now() END)`,
      [id, state, template, settled],
    );
  await mail('waiting', null, false);
  await mail('accepted', 'activation', true);
  await mail('accepted', null, true);
  await remove(String(id), 'Mailing');
  const left = () => test.database.query('SELECT state, template FROM delivery WHERE tenant_id = $1', [id]);
  expect(await left()).toEqual([{ state: 'accepted', template: null }]);
  await sweep();
  expect(await left()).toEqual([]);
});
