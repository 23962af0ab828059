import { Audit, type AuditRecord } from '../audit/index.js';
import type { UnitOfWork } from '../db/index.js';
import type { ProvisioningResult } from './result.js';

/** Entries of one kind that the audit log names; the rest is counted. */
const MOST_NAMED = 100;

/** Writes down in one scope what a file did there; a file that changed nothing leaves nothing. */
export async function noteProvisioned(
  uow: UnitOfWork,
  record: AuditRecord,
  done: Omit<ProvisioningResult, 'unchanged'>,
): Promise<void> {
  const changes = (['created', 'updated', 'unlocked'] as const)
    .filter((field) => done[field].length > 0)
    .map((field) => ({ field, before: null, after: named(done[field]) }));
  if (changes.length === 0) return;
  await Audit.record(uow, { ...record, changes });
}

function named(entries: readonly string[]): string[] {
  const more = entries.length - MOST_NAMED;
  return more > 0 ? [...entries.slice(0, MOST_NAMED), `and ${more} more`] : [...entries];
}
