import type { AUDIT_CATALOGUE, AuditChange } from '@signalpost/contracts';

import type { Actor } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import type { UnitOfWork } from '../../db/index.js';
import { refOf, type GrantRow } from './grant-row.js';

type Happening = (typeof AUDIT_CATALOGUE)['oauth-grant'][number];

/** Writes into the tenant's audit log what happened to a grant; it is known by its mail server's id and its mailbox. */
export async function noteGrant(
  uow: UnitOfWork,
  row: Pick<GrantRow, 'tenant_id' | 'mail_server_id' | 'mailbox'> | undefined,
  what: Happening,
  actor: Actor,
  told: Readonly<Record<string, AuditChange['after']>> = {},
): Promise<void> {
  if (row === undefined) return;
  const { tenantId, serverId: id } = refOf(row);
  const changes = Object.entries(told).map(([field, after]) => ({ field, before: null, after }));
  const entity = { type: 'oauth-grant', id, name: row.mailbox } as const;
  await Audit.record(uow, { ...actor, tenantId, action: `oauth-grant.${what}`, entity, changes });
}
