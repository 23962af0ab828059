import type { UnitOfWork } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import type { UserRecord } from './user-rows.js';

const ADMINISTRATORS = ['system-administrator', 'tenant-administrator'];

/**
 * Before an administrator goes, is disabled or demoted. Only those who can sign in count; who cannot may always go. The
 * rows are locked in one order: of two administrators who remove each other at once, the second sees what the first did.
 * @throws ProblemError `last-administrator`
 */
export async function refuseLastAdministrator(uow: UnitOfWork, user: UserRecord): Promise<void> {
  if (!ADMINISTRATORS.includes(user.role)) return;
  const able = await uow.query<{ id: string }>(ABLE, [user.tenant.id, user.role]);
  if (able.length === 1 && able[0]?.id === user.id) throw new ProblemError('last-administrator');
}

const ABLE = `
  SELECT id FROM user_account
  WHERE tenant_id = $1 AND role = $2 AND active AND activated_at IS NOT NULL
  ORDER BY id FOR UPDATE`;
