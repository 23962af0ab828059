import type { Continuation } from '@signalpost/rule-nodes/runtime';

import type { UnitOfWork } from '../db/index.js';
import type { ClaimedEntry, Resume } from '../queue/index.js';

/** A message that waits for an answer from outside, and the place where it goes on. */
export interface Parked {
  readonly tenantId: string;
  readonly id: string;
  readonly continuation: Continuation;
}

const PARK = {
  name: 'engine-park',
  text: `
    INSERT INTO parked_message (tenant_id, id, continuation)
    SELECT tenant_id, id, continuation::json FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS new (tenant_id, id, continuation)
    ON CONFLICT DO NOTHING`,
};

const TAKE = {
  name: 'engine-unpark',
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
  ]);
}

/**
 * Takes what the answers in a batch were waited for with.
 * @returns where each resuming entry goes on; an answer that nobody waits for any more is not among them
 */
export async function unpark(
  uow: UnitOfWork,
  entries: readonly ClaimedEntry[],
): Promise<Map<ClaimedEntry, Continuation>> {
  const resuming = entries.filter((entry) => entry.resume !== undefined);
  if (resuming.length === 0) return new Map();
  const rows = await uow.query<{ tenant_id: string; id: string; continuation: Continuation }>(TAKE, [
    resuming.map((entry) => entry.tenantId),
    resuming.map((entry) => entry.resume?.parkedId),
  ]);
  const found = new Map(rows.map((row) => [`${row.tenant_id} ${row.id}`, row.continuation]));
  const result = new Map<ClaimedEntry, Continuation>();
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
