import { AUDIT_ACTIONS } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { PROVISIONING_ACTOR, SYSTEM_ACTOR, SYSTEM_TENANT_ID } from '../access/index.js';
import {
  seedPeople,
  send,
  signedIn,
  startTestApp,
  type HeaderMap,
  type People,
  type TestApp,
} from '../start/test-app.testing.js';
import { Audit, type AuditRecord } from './index.js';

let test: TestApp;
let people: People;
let admin: HeaderMap;
let system: HeaderMap;
beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
  admin = await signedIn(test.url, people.emails.admin);
  system = await signedIn(test.url, people.emails.system);
});
afterAll(() => test.close());

const device = (name: string) => ({ type: 'device', id: '01980000-0000-7000-8000-000000000001', name }) as const;
const created = (name: string, more: Partial<AuditRecord> = {}): AuditRecord =>
  ({
    ...SYSTEM_ACTOR,
    tenantId: people.tenantId,
    action: 'device.created',
    entity: device(name),
    ...more,
  }) as AuditRecord;
const record = (...records: readonly AuditRecord[]) =>
  test.database.transaction(async (uow) => {
    for (const one of records) await Audit.record(uow, one);
  });
const read = async (query: string, who = admin): Promise<Record<string, unknown>[]> =>
  (await send(`${test.url}/api/audit?${query}`, 'GET', undefined, who)).body['items'] as Record<string, unknown>[];
const names = async (query: string, who = admin) =>
  (await read(query, who)).map(({ entity }) => (entity as { name: string }).name);
const download = (query: string, who = admin) => fetch(`${test.url}/api/audit/export?${query}`, { headers: who });

it('writes down who did what to what from where, with what changed', async () => {
  const actor = { kind: 'user', userId: people.customerId, email: 'admin@example.org' } as const;
  const changes = [{ field: 'label', before: 'old', after: 'new' }];
  await record(created('Pump', { actor, source: '192.0.2.7', action: 'device.updated', changes }));
  expect(await read('text=pump')).toEqual([
    {
      id: expect.any(String),
      at: expect.any(Number),
      tenant: { id: people.tenantId, name: 'Plant' },
      actor,
      source: '192.0.2.7',
      action: 'device.updated',
      entity: device('Pump'),
      changes,
    },
  ]);
});

it('writes nothing of what was rolled back', async () => {
  const failing = test.database.transaction(async (uow) => {
    await Audit.record(uow, created('Undone'));
    throw new Error('undone');
  });
  await expect(failing).rejects.toThrow('undone');
  expect(await read('text=Undone')).toEqual([]);
});

it('refuses what the catalogue does not have', async () => {
  const unknown = created('x', { action: 'device.painted' } as unknown as Partial<AuditRecord>);
  await expect(record(unknown)).rejects.toThrow('"device.painted" of a device is not in the audit catalogue');
  await expect(record(created('x', { action: 'user.created' }))).rejects.toThrow('of a device');
  expect(new Set(AUDIT_ACTIONS).size).toBe(AUDIT_ACTIONS.length);
});

it('pages and filters', async () => {
  await record(...Array.from({ length: 5 }, (_, index) => created(`Page ${index}`)));
  const first = await send(`${test.url}/api/audit?text=page&limit=2`, 'GET', undefined, admin);
  expect((first.body['items'] as { entity: { name: string } }[]).map(({ entity }) => entity.name)).toEqual([
    'Page 4',
    'Page 3',
  ]);
  expect(await names(`text=page&limit=2&cursor=${String(first.body['nextCursor'])}`)).toEqual(['Page 2', 'Page 1']);
  await record(created('By file', PROVISIONING_ACTOR));
  await record(created('Gone', { action: 'device.deleted' }));
  expect(await names('actorKind=provisioning')).toEqual(['By file']);
  expect(await names('action=device.deleted')).toEqual(['Gone']);
  expect(await names(`entityType=device&entityId=${device('').id}&limit=1`)).toEqual(['Gone']);
  expect(await names('entityType=device&entityId=other')).toEqual([]);
  expect(await names('actor=ADMIN@example&text=pump')).toEqual(['Pump']);
  const [newest] = await read('limit=1');
  const at = Number(newest?.['at']);
  expect(await names(`from=${at + 60_000}`)).toEqual([]);
  expect(await names(`text=gone&to=${at - 60_000}`)).toEqual([]);
  expect(await names(`text=gone&from=${at - 60_000}&to=${at + 60_000}`)).toEqual(['Gone']);
  expect((await send(`${test.url}/api/audit?action=device.painted`, 'GET', undefined, admin)).status).toBe(400);
});

it('shows a tenant its own log, and the system its own and what its people did to tenants', async () => {
  const [systemUser] = await test.database.query<{ id: string }>(
    `SELECT id FROM user_account WHERE role = 'system-administrator'`,
  );
  const actor = { kind: 'user', userId: systemUser?.id ?? '', email: people.emails.system } as const;
  await record(
    created('scope: of the tenant'),
    created('scope: by the system', { actor }),
    created('scope: of another', { tenantId: people.otherTenantId }),
    created('scope: of the system', { tenantId: SYSTEM_TENANT_ID }),
  );
  expect(await names('text=scope:')).toEqual(['scope: by the system', 'scope: of the tenant']);
  expect(await names(`text=scope:&tenantId=${people.otherTenantId}`)).toEqual([]);
  expect(await names('text=scope:', system)).toEqual(['scope: of the system', 'scope: by the system']);
  expect(await names(`text=scope:&tenantId=${people.tenantId}`, system)).toEqual(['scope: by the system']);
  for (const email of [people.emails.operator, people.emails.customer])
    expect((await send(`${test.url}/api/audit`, 'GET', undefined, await signedIn(test.url, email))).status).toBe(403);
});

it('exports what a spreadsheet can open without running anything', async () => {
  await record(created('=HYPERLINK("http://evil.example")'), created('-1+2'), created('say "hi", please'));
  const answer = await download('entityType=device');
  expect(answer.headers.get('content-type')).toContain('text/csv');
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
  expect(text.startsWith('\uFEFF"time","tenant","tenantId","actor"')).toBe(true);
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(text).toContain(`"'-1+2"`);
  expect(text).toContain(`"say ""hi"", please"`);
  expect(text).not.toMatch(/(^|,)"[=+\-@]/m);
});

it('exports a JSON text a line, over any number of pages, and writes down that it did', async () => {
  await test.database.query(
    `INSERT INTO audit_event (tenant_id, id, actor, action, entity_type, entity_name, shown_to_system)
     SELECT $1, gen_random_uuid(), '{"kind":"system"}', 'customer.created', 'customer', 'bulk ' || n, false FROM generate_series(1, 2500) n`,
    [people.otherTenantId],
  );
  const stranger = await signedIn(test.url, people.emails.stranger);
  const lines = (await (await download('format=ndjson&action=customer.created', stranger)).text()).trim().split('\n');
  expect(new Set(lines.map((line) => (JSON.parse(line) as { entity: { name: string } }).entity.name)).size).toBe(2500);
  expect(await read('action=audit.exported', stranger)).toMatchObject([
    { actor: { kind: 'user', email: people.emails.stranger }, source: '127.0.0.1' },
  ]);
});

it('refuses an export that would be too large, and says what to do', async () => {
  await test.database.query(
    `INSERT INTO audit_event (tenant_id, id, at, actor, action, entity_type, entity_name, shown_to_system)
     SELECT $1, gen_random_uuid(), '2020-01-01', '{"kind":"system"}', 'alarm.cleared', 'alarm', 'flood', false FROM generate_series(1, 100001) n`,
    [people.tenantId],
  );
  const refused = await send(`${test.url}/api/audit/export?action=alarm.cleared`, 'GET', undefined, admin);
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'audit-export-too-large', advice: expect.stringContaining('time range') },
  });
});
