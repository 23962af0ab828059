import { Controller, Delete, Inject, Param } from '@nestjs/common';
import { idParamSchema } from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Database } from '../../db/index.js';
import { AnswersNothing } from '../../http/index.js';
import { Users } from '../../users/index.js';
import { noteTwoFactor } from './note-two-factor.js';
import { PendingSignIns } from './pending-sign-ins.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TwoFactorNews } from './two-factor-news.js';
import { TwoFactors } from './two-factors.js';

/** For people who lost their phone and their recovery codes: an administrator, who knows them, takes the second factor away. */
@Controller('api/users/:id/two-factor')
@Access('system-administrator', 'tenant-administrator')
export class LostFactorController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(TwoFactors) private readonly factors: TwoFactors,
    @Inject(RecoveryCodes) private readonly recovery: RecoveryCodes,
    @Inject(PendingSignIns) private readonly pending: PendingSignIns,
    @Inject(TwoFactorNews) private readonly news: TwoFactorNews,
  ) {}

  @Delete()
  @AnswersNothing()
  async removeTwoFactor(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    await this.database.transaction(async (uow) => {
      const user = await this.users.get(uow, principal, id);
      const owner = { tenantId: user.tenant.id, userId: user.id };
      const counted = await this.factors.end(uow, owner);
      await this.recovery.end(uow, owner);
      await this.pending.endAll(uow, owner);
      if (counted) await this.news.removed(uow, user, actor);
      else await noteTwoFactor(uow, user, 'user.two-factor-disabled', actor);
    });
  }
}
