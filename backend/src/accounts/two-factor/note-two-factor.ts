import { Audit, type AuditRecord } from '../../audit/index.js';
import type { UnitOfWork } from '../../db/index.js';
import type { Actor } from '../../access/index.js';
import type { UserRecord } from '../../users/index.js';

type UserAction = Extract<AuditRecord, { readonly entity: { readonly type: 'user' } }>['action'];

/** What somebody did with the own second factor. @param by an actor, or the address of who is not signed in yet */
export async function noteTwoFactor(
  uow: UnitOfWork,
  { id, email, tenant }: UserRecord,
  action: UserAction,
  by: Actor | string,
): Promise<void> {
  const own: Actor = typeof by === 'string' ? { actor: { kind: 'user', userId: id, email }, source: by } : by;
  await Audit.record(uow, { ...own, tenantId: tenant.id, action, entity: { type: 'user', id, name: email } });
}
