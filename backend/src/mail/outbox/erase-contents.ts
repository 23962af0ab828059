import type { Queryable } from '../../db/index.js';
import type { DeliveryKey } from './delivery-rows.js';

/** What a settled mail of the system said is gone: its links and codes are secrets. Other mails keep their bytes. */
export async function eraseContents(
  db: Queryable,
  mails: readonly Pick<DeliveryKey, 'tenantId' | 'id'>[],
): Promise<void> {
  if (mails.length === 0) return;
  await db.query(
    `UPDATE delivery d SET variables = NULL, raw = NULL FROM unnest($1::uuid[], $2::uuid[]) AS k (tenant_id, id)
     WHERE d.tenant_id = k.tenant_id AND d.id = k.id AND d.template IS NOT NULL`,
    [mails.map(({ tenantId }) => tenantId), mails.map(({ id }) => id)],
  );
}
