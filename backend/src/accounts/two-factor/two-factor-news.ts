import { Inject } from '@nestjs/common';

import type { Actor } from '../../access/index.js';
import type { UnitOfWork } from '../../db/index.js';
import type { UserRecord } from '../../users/index.js';
import { AccountMails } from '../account-mails.js';
import { noteTwoFactor } from './note-two-factor.js';

/** An actor, or the address of who is not signed in yet. */
type By = Actor | string;

/** What becomes of somebody's second factor: written down, and told to its owner, who cannot switch that off. */
export class TwoFactorNews {
  constructor(@Inject(AccountMails) private readonly mails: AccountMails) {}

  async enabled(uow: UnitOfWork, user: UserRecord, by: By, way: 'app' | 'email'): Promise<void> {
    await noteTwoFactor(uow, user, 'user.two-factor-enabled', by);
    const variables = { source: sourceOf(by), app: way === 'app' ? 'yes' : null };
    await this.mails.secondFactor(uow, user, 'two-factor-enabled', variables);
  }

  /** @param left what is asked for from now on */
  async disabled(uow: UnitOfWork, user: UserRecord, by: By, left: 'app' | 'nothing'): Promise<void> {
    await noteTwoFactor(uow, user, 'user.two-factor-disabled', by);
    const variables = { source: sourceOf(by), app: left === 'app' ? 'yes' : null };
    await this.mails.secondFactor(uow, user, 'two-factor-disabled', variables);
  }

  /** By an administrator, whose network address is nothing to tell. */
  async removed(uow: UnitOfWork, user: UserRecord, by: Actor): Promise<void> {
    await noteTwoFactor(uow, user, 'user.two-factor-disabled', by);
    const administrator = 'email' in by.actor ? by.actor.email : null;
    await this.mails.secondFactor(uow, user, 'two-factor-removed', { administrator });
  }

  async codesRenewed(uow: UnitOfWork, user: UserRecord, by: Actor): Promise<void> {
    await noteTwoFactor(uow, user, 'user.recovery-codes-renewed', by);
    await this.mails.secondFactor(uow, user, 'recovery-codes-renewed', { source: sourceOf(by) });
  }
}

const sourceOf = (by: By): string | null => (typeof by === 'string' ? by : (by.source ?? null));
