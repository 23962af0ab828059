import type { ActiveNotice } from '@signalpost/contracts';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Clock, Queryable } from '../../db/index.js';
import { toActive } from './notice.js';
import { quotaNotices } from './quotas.js';
import { publicUrlNotices, sandboxNotices, systemMailNotices } from './server-notices.js';
import { signInNotices } from './sign-in-notices.js';
import { templateNotices } from './template-notices.js';

const ORDER = ['error', 'warning', 'info'] as const;

/** What is wrong right now in one scope; read from what is stored, so it is gone as soon as it is put right. */
export class ActiveNotices {
  constructor(
    private readonly db: Queryable,
    private readonly clock: Clock,
    private readonly publicUrl: string,
  ) {}

  async of(tenantId: string): Promise<ActiveNotice[]> {
    const { db } = this;
    const ofSystem = tenantId === SYSTEM_TENANT_ID;
    const found = await Promise.all([
      signInNotices(db, tenantId, this.clock.now()),
      templateNotices(db, tenantId),
      sandboxNotices(db, tenantId),
      ofSystem ? systemMailNotices(db) : quotaNotices(db, tenantId).then((quotas) => quotas.found),
    ]);
    return [...found.flat(), ...(ofSystem ? publicUrlNotices(this.publicUrl) : [])]
      .sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity))
      .map(toActive);
  }
}
