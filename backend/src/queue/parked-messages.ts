import type { Continuation } from '@signalpost/rule-nodes/runtime';

import type { UnitOfWork } from '../db/index.js';
import type { QueueEntry, Resume, RunningEntry } from './queue-types.js';

/** A message that waits for an answer from outside, and the place where it goes on. */
export interface Parked {
  readonly tenantId: string;
  readonly id: string;
  readonly continuation: Continuation;
  /** Outputs in lower case at which something follows the answer; null: not known. */
  readonly follows: readonly string[] | null;
}

const PARK = {
  name: 'queue-park',
  text: `
    INSERT INTO parked_message (tenant_id, id, continuation, follows)
    SELECT tenant_id, id, continuation::json, follows::text[]
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS new (tenant_id, id, continuation, follows)
    ON CONFLICT DO NOTHING`,
};

const END = {
  name: 'queue-end-parked',
  text: `
    DELETE FROM parked_message p USING (
      SELECT found.place FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS answered (tenant_id, id, label), LATERAL (
        SELECT ctid AS place FROM parked_message
        WHERE tenant_id = answered.tenant_id AND id = answered.id AND NOT answered.label = ANY (follows) OFFSET 0) found
    ) found WHERE p.ctid = found.place
    RETURNING p.tenant_id, p.id`,
};

const TAKE = {
  name: 'queue-unpark',
  text: `
    DELETE FROM parked_message p USING (
      SELECT found.place FROM unnest($1::uuid[], $2::uuid[]) AS wanted (tenant_id, id), LATERAL (
        SELECT ctid AS place FROM parked_message WHERE tenant_id = wanted.tenant_id AND id = wanted.id OFFSET 0) found
    ) found WHERE p.ctid = found.place
    RETURNING p.tenant_id, p.id, p.continuation`,
};

export async function park(uow: UnitOfWork, parked: readonly Parked[]): Promise<void> {
  if (parked.length === 0) return;
  await uow.query(PARK, [
    parked.map((one) => one.tenantId),
    parked.map((one) => one.id),
    parked.map((one) => JSON.stringify(one.continuation)),
    parked.map(({ follows }) => follows && `{${follows.map((label) => JSON.stringify(label)).join(',')}}`),
  ]);
}

/**
 * Ends the parked messages whose answer leads nowhere.
 * @returns the entries that are left for the queue
 */
export async function endParked(uow: UnitOfWork, entries: readonly QueueEntry[]): Promise<readonly QueueEntry[]> {
  const answers = entries.filter(({ resume }) => resume !== undefined);
  if (answers.length === 0) return entries;
  const rows = await uow.query<{ tenant_id: string; id: string }>(END, [
    answers.map(({ tenantId }) => tenantId),
    answers.map(({ resume }) => resume?.parkedId),
    answers.map(({ resume }) => resume?.label.toLowerCase()),
  ]);
  const ended = new Set(rows.map((row) => `${row.tenant_id} ${row.id}`));
  return entries.filter(({ tenantId, resume }) => !ended.has(`${tenantId} ${resume?.parkedId}`));
}

/**
 * Takes what the answers in a batch were waited for with.
 * @returns where each resuming entry goes on; an answer that nobody waits for any more is not among them
 */
export async function unpark(
  uow: UnitOfWork,
  entries: readonly RunningEntry[],
): Promise<Map<RunningEntry, Continuation>> {
  const resuming = entries.filter((entry) => entry.resume !== undefined);
  if (resuming.length === 0) return new Map();
  const rows = await uow.query<{ tenant_id: string; id: string; continuation: Continuation }>(TAKE, [
    resuming.map((entry) => entry.tenantId),
    resuming.map((entry) => entry.resume?.parkedId),
  ]);
  const found = new Map(rows.map((row) => [`${row.tenant_id} ${row.id}`, row.continuation]));
  const result = new Map<RunningEntry, Continuation>();
  for (const entry of resuming) {
    const stored = found.get(`${entry.tenantId} ${entry.resume?.parkedId}`);
    if (stored !== undefined && entry.resume !== undefined) result.set(entry, answer(stored, entry.resume));
  }
  return result;
}

function answer(stored: Continuation, { label, metadata }: Resume): Continuation {
  const message = { ...stored.message, metadata: { ...stored.message.metadata, ...metadata } };
  return { ...stored, message, answered: { label } };
}
