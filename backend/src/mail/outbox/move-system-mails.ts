import type { Queryable } from '../../db/index.js';
import type { ServerRef } from '../servers/choose-server.js';
import type { ClaimedMail } from './delivery-rows.js';
import { SYSTEM_MAIL_PRIORITY } from './outbox.js';
import type { Verdict } from './verdict.js';

interface Judged {
  readonly mail: ClaimedMail;
  readonly verdict: Verdict;
}

/** After a failed attempt. The bytes are made anew: the other server's sender is another one. */
export async function moveOn(db: Queryable, attempted: readonly Judged[]): Promise<void> {
  for (const { mail, verdict } of attempted)
    if (verdict.moveTo !== undefined)
      await db.query(
        `UPDATE delivery SET server_tenant_id = $4, server_id = $5, refused_by = $6, raw = NULL
         WHERE tenant_id = $1 AND id = $2 AND created_at = $3 AND state = 'waiting'`,
        [
          ...[mail.tenantId, mail.id, mail.createdAt],
          ...[verdict.moveTo.server.tenantId, verdict.moveTo.server.id, verdict.moveTo.refusedBy],
        ],
      );
}

/** Those that wait for a server which is left alone, switched off or gone. @returns how many were moved */
export async function moveAway(db: Queryable, from: ServerRef, to: ServerRef): Promise<number> {
  const rows = await db.query(
    `UPDATE delivery SET server_tenant_id = $4, server_id = $5, raw = NULL, next_attempt_at = now()
     WHERE state = 'waiting' AND held_until IS NULL AND server_tenant_id = $1 AND server_id = $2 AND priority = $3
       AND template IS NOT NULL AND failure->>'code' IS DISTINCT FROM 'outcome-unknown'
       AND NOT coalesce(refused_by @> ARRAY[$5::uuid], false)
     RETURNING id`,
    [from.tenantId, from.id, SYSTEM_MAIL_PRIORITY, to.tenantId, to.id],
  );
  return rows.length;
}
