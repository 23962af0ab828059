import { randomUUID } from 'node:crypto';

import type { RuleMessage } from '@signalpost/rule-nodes/runtime';

import { type Database, Instance } from '../db/index.js';
import { type Next, QueueClaims } from './claim.js';
import { DEAD_LETTER_LIST, type DeadLetterRow, DeadLetters } from './dead-letters.js';
import { PgQueue } from './pg-queue.js';
import { PARTITIONS } from './partitions.js';
import type { Batch, QueueEntry, Verdict } from './queue-types.js';
import { Recovery } from './recovery.js';
import { Settlement } from './settle.js';
import { WakeUp } from './wake-up.js';

export async function addTenant(db: Database): Promise<string> {
  const id = randomUUID();
  await db.query(`INSERT INTO tenant (id, name, kind) VALUES ($1, $2, 'tenant')`, [id, `Tenant ${id}`]);
  return id;
}

export function telemetryMessage(originatorId: string, data: RuleMessage['data'] = { temperature: 20 }): RuleMessage {
  return {
    id: randomUUID(),
    ts: 1_700_000_000_000,
    type: 'POST_TELEMETRY_REQUEST',
    originator: { entityType: 'DEVICE', id: originatorId },
    customerId: null,
    metadata: { deviceName: 'Thermostat' },
    dataType: 'JSON',
    data,
  };
}

/** Originators that hash into the same partition as `like`, found by asking the database. */
export async function samePartition(db: Database, like: string, count: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `SELECT id FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2 * ${PARTITIONS} * 40)) s
     WHERE uuid_hash(id) & ${PARTITIONS - 1} = uuid_hash($1::uuid) & ${PARTITIONS - 1} LIMIT $2`,
    [like, count],
  );
  return rows.map((row) => row.id);
}

/** The queue as one instance sees it. */
export async function openQueue(db: Database, alongside?: string) {
  const instance = await Instance.open(db);
  const wakeUp = new WakeUp();
  const queue = new PgQueue(wakeUp);
  /** Tenants whose readers were told of a dead letter. */
  const told: string[] = [];
  const deadLetters = new DeadLetters(queue, { changed: (tenantId) => told.push(tenantId) });
  const claims = new QueueClaims(db, instance, alongside);
  const settlement = new Settlement(deadLetters, wakeUp, claims);
  const recovery = new Recovery(db, instance, deadLetters, wakeUp);
  await claims.prepare();
  return {
    instance,
    wakeUp,
    queue,
    deadLetters,
    told,
    claims,
    settlement,
    recovery,
    add: (entries: QueueEntry[]) => db.transaction((uow) => queue.enqueue(uow, entries)),
    settle: (batch: Batch, verdicts: readonly Verdict[] = [], next: Next | null = null) =>
      db.lazyTransaction((uow) => settlement.settle(uow, batch, verdicts, next)),
  };
}

export async function partitionOf(db: Database, originatorId: string): Promise<number> {
  const [row] = await db.query<{ p: number }>(`SELECT uuid_hash($1::uuid) & ${PARTITIONS - 1} AS p`, [originatorId]);
  return row?.p ?? -1;
}

export function lettersOf(db: Database, tenantId: string): Promise<DeadLetterRow[]> {
  const { sql, values } = DEAD_LETTER_LIST(tenantId);
  return db.query<DeadLetterRow>(`${sql} ORDER BY created_at DESC`, values);
}
