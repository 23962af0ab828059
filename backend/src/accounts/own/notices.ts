import { Inject } from '@nestjs/common';
import {
  noticeDefaultsSchema,
  type AccountNotices,
  type NoticeChoices,
  type NoticeDefaults,
  type NoticeDefaultsState,
  type NoticesDefinition,
} from '@signalpost/contracts';

import type { Actor, Principal } from '../../access/index.js';
import { Audit, changedFields } from '../../audit/index.js';
import { Database, type Saved, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { completeDefaults, NoticeRecipients, Users } from '../../users/index.js';
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

  defaults(tenantId: string): Promise<NoticeDefaultsState> {
    return this.recipients.defaults(tenantId);
  }

  /** @throws ProblemError `managed-by-file` */
  async setDefaults({ tenantId }: Principal, defaults: NoticeDefaults, actor: Actor): Promise<NoticeDefaultsState> {
    await this.database.transaction(async (uow) => {
      const before = await this.recipients.defaults(tenantId, uow);
      if (before.managed) throw new ProblemError('managed-by-file');
      await this.recipients.setDefaults(uow, tenantId, { ...defaults, managed: false });
      await note(uow, tenantId, actor, changesOf(before, defaults));
    });
    return this.defaults(tenantId);
  }

  /** As the provisioning file has them; what is the same writes nothing. */
  async provisionDefaults(
    uow: UnitOfWork,
    tenantId: string,
    definition: NoticesDefinition,
    managed: boolean,
    actor: Actor,
  ): Promise<Saved> {
    const before = await this.recipients.defaults(tenantId, uow);
    const wanted = completeDefaults(definition);
    const changes = changesOf(before, wanted);
    if (before.managed === managed && changes.length === 0) return { id: tenantId, change: 'unchanged' };
    await this.recipients.setDefaults(uow, tenantId, { ...wanted, managed });
    if (changes.length > 0) await note(uow, tenantId, actor, changes);
    return { id: tenantId, change: 'updated' };
  }

  /** @returns whether they were locked */
  releaseDefaults(uow: UnitOfWork, tenantId: string): Promise<boolean> {
    return this.recipients.releaseDefaults(uow, tenantId);
  }
}

type Changes = ReturnType<typeof changedFields>;

const changesOf = ({ notices }: NoticeDefaults, after: NoticeDefaults): Changes =>
  changedFields(noticeDefaultsSchema, { notices }, after);

async function note(uow: UnitOfWork, tenantId: string, actor: Actor, changes: Changes): Promise<void> {
  const [tenant] = await uow.query<{ name: string }>('SELECT name FROM tenant WHERE id = $1', [tenantId]);
  const entity = { type: 'tenant', id: tenantId, name: tenant?.name ?? '' } as const;
  await Audit.record(uow, { ...actor, tenantId, action: 'tenant.updated', entity, changes });
}
