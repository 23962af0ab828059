import { Inject } from '@nestjs/common';
import {
  noticeDefaultsSchema,
  type AccountNotices,
  type NoticeChoices,
  type NoticeDefaults,
} from '@signalpost/contracts';

import type { Actor, Principal } from '../../access/index.js';
import { Audit, changedFields } from '../../audit/index.js';
import { Database } from '../../db/index.js';
import { NoticeRecipients, Users } from '../../users/index.js';
import { UserTrail } from '../user-trail.js';

/** Who is told what, as people choose it. */
export class Notices {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(NoticeRecipients) private readonly recipients: NoticeRecipients,
    @Inject(Users) private readonly users: Users,
    @Inject(UserTrail) private readonly trail: UserTrail,
  ) {}

  mine({ tenantId, userId, role }: Principal): Promise<AccountNotices> {
    return this.recipients.choices(tenantId, userId, role);
  }

  async choose(principal: Principal, choices: NoticeChoices, actor: Actor): Promise<AccountNotices> {
    const { tenantId, userId } = principal;
    await this.database.transaction(async (uow) => {
      await this.recipients.choose(uow, tenantId, userId, choices);
      const user = await this.users.get(uow, principal, userId);
      await this.trail.note(uow, user, 'user.notices-changed', actor);
    });
    return this.mine(principal);
  }

  defaults(tenantId: string): Promise<NoticeDefaults> {
    return this.recipients.defaults(tenantId);
  }

  async setDefaults({ tenantId }: Principal, defaults: NoticeDefaults, actor: Actor): Promise<NoticeDefaults> {
    await this.database.transaction(async (uow) => {
      const before = await this.recipients.defaults(tenantId, uow);
      await this.recipients.setDefaults(uow, tenantId, defaults);
      const [tenant] = await uow.query<{ name: string }>('SELECT name FROM tenant WHERE id = $1', [tenantId]);
      const entity = { type: 'tenant', id: tenantId, name: tenant?.name ?? '' } as const;
      const changes = changedFields(noticeDefaultsSchema, before, defaults);
      await Audit.record(uow, { ...actor, tenantId, action: 'tenant.updated', entity, changes });
    });
    return this.defaults(tenantId);
  }
}
