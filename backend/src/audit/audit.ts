import { AUDIT_ACTIONS, type AUDIT_CATALOGUE, type AuditChange, type AuditEntityType } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { SYSTEM_TENANT_ID, type Actor } from '../access/index.js';
import type { UnitOfWork } from '../db/index.js';

type Entry<E extends AuditEntityType> = {
  readonly action: `${E}.${(typeof AUDIT_CATALOGUE)[E][number]}`;
  /** `id` is null where there is none, as for a whole list or an unknown address. `name` is for people. */
  readonly entity: { readonly type: E; readonly id: string | null; readonly name: string };
};

/** One thing that somebody did. The entity's type is the word before the dot of the action. */
export type AuditRecord = Actor & {
  /** Whose log it stands in: the scope of what changed. */
  readonly tenantId: string;
  /** See `changedFields`. */
  readonly changes?: readonly AuditChange[];
} & { [E in AuditEntityType]: Entry<E> }[AuditEntityType];

const KNOWN: ReadonlySet<string> = new Set(AUDIT_ACTIONS);

/** Writes the table `audit_event`, which nobody changes afterwards. */
export const Audit = {
  /**
   * Writes it down in the transaction that does it: what is undone was never done.
   * @throws Error for an action that the catalogue in the contracts does not have
   */
  async record(uow: UnitOfWork, record: AuditRecord): Promise<void> {
    const { tenantId, actor, source, action, entity, changes = [] } = record;
    if (!KNOWN.has(action) || !action.startsWith(`${entity.type}.`))
      throw new Error(`"${action}" of a ${entity.type} is not in the audit catalogue`);
    await uow.query(INSERT, [
      tenantId,
      uuidV7(),
      JSON.stringify(actor),
      source ?? null,
      action,
      entity.type,
      entity.id,
      entity.name,
      JSON.stringify(changes),
      SYSTEM_TENANT_ID,
      'userId' in actor ? actor.userId : null,
    ]);
  },
} as const;

const INSERT = `
  INSERT INTO audit_event
    (tenant_id, id, actor, source, action, entity_type, entity_id, entity_name, changes, shown_to_system)
  VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7, $8, $9::jsonb,
    $1 = $10::uuid OR EXISTS (SELECT 1 FROM user_account WHERE tenant_id = $10::uuid AND id = $11::uuid))`;
