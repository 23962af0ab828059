import { Inject } from '@nestjs/common';
import type {
  EmailCodes,
  Enrolment,
  PasswordProof,
  RecoveryCodes as Codes,
  TwoFactorState,
} from '@signalpost/contracts';

import { Database, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { SignInStates, Users, type UserRecord } from '../../users/index.js';
import type { Self } from '../own/own-account.js';
import { Passwords } from '../passwords.js';
import { SignInLimits } from '../sign-in-limits.js';
import { enrolmentOf } from './enrolment.js';
import { noteTwoFactor } from './note-two-factor.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactorLimits } from './second-factor-limits.js';
import { SignInPolicies } from './sign-in-policies.js';
import { TwoFactorNews } from './two-factor-news.js';
import { TwoFactors } from './two-factors.js';

/** The own second factor: set up, renewed, switched off by who knows the password, too. */
export class OwnTwoFactor {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(SignInStates) private readonly states: SignInStates,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(SignInLimits) private readonly passwordLimits: SignInLimits,
    @Inject(TwoFactors) private readonly factors: TwoFactors,
    @Inject(RecoveryCodes) private readonly recovery: RecoveryCodes,
    @Inject(SignInPolicies) private readonly policies: SignInPolicies,
    @Inject(SecondFactorLimits) private readonly limits: SecondFactorLimits,
    @Inject(TwoFactorNews) private readonly news: TwoFactorNews,
  ) {}

  async state({ principal }: Pick<Self, 'principal'>): Promise<TwoFactorState> {
    const { totpSince, emailCodes } = await this.factors.of(principal);
    return {
      totp: totpSince !== null,
      totpSince,
      emailCodes,
      recoveryCodesLeft: await this.recovery.left(principal),
      required: await this.policies.requires(principal.tenantId, principal.role),
    };
  }

  /** @throws ProblemError `wrong-password` */
  async begin(self: Self, proof: PasswordProof): Promise<Enrolment> {
    const user = await this.#confirmed(self, proof);
    return enrolmentOf(await this.database.transaction((uow) => this.factors.begin(uow, self.principal)), user.email);
  }

  /** @throws ProblemError `second-factor-failed`, `too-many-requests` */
  async confirm({ principal, actor, client }: Self, code: string): Promise<Codes> {
    await this.limits.count(principal, client.address);
    const recoveryCodes = await this.database.transaction(async (uow) => {
      if (!(await this.factors.confirm(uow, principal, code))) throw new ProblemError('second-factor-failed');
      await this.news.enabled(uow, await this.#user(uow, principal.userId), actor, 'app');
      return this.recovery.renew(uow, principal);
    });
    await this.limits.forgive(principal, client.address);
    return { recoveryCodes };
  }

  /** @throws ProblemError `wrong-password`, `two-factor-required` */
  async setEmailCodes(self: Self, { enabled, ...proof }: EmailCodes): Promise<TwoFactorState> {
    const user = await this.#confirmed(self, proof);
    const before = await this.state(self);
    if (before.emailCodes === enabled) return before;
    if (!enabled && !before.totp) return this.#switchOff(self, user, before);
    await this.database.transaction(async (uow) => {
      await this.factors.setEmailCodes(uow, self.principal, enabled);
      if (enabled) await this.news.enabled(uow, user, self.actor, 'email');
      else await this.news.disabled(uow, user, self.actor, 'app');
    });
    return this.state(self);
  }

  /** @throws ProblemError `wrong-password` */
  async renewCodes(self: Self, proof: PasswordProof): Promise<Codes> {
    const user = await this.#confirmed(self, proof);
    const recoveryCodes = await this.database.transaction(async (uow) => {
      await this.news.codesRenewed(uow, user, self.actor);
      return this.recovery.renew(uow, self.principal);
    });
    return { recoveryCodes };
  }

  /** @throws ProblemError `wrong-password`, `two-factor-required` */
  async disable(self: Self, proof: PasswordProof): Promise<TwoFactorState> {
    return this.#switchOff(self, await this.#confirmed(self, proof), await this.state(self));
  }

  async #switchOff(self: Self, user: UserRecord, before: TwoFactorState): Promise<TwoFactorState> {
    if (before.required) throw new ProblemError('two-factor-required');
    await this.database.transaction(async (uow) => {
      const counted = await this.factors.end(uow, self.principal);
      await this.recovery.end(uow, self.principal);
      if (counted) await this.news.disabled(uow, user, self.actor, 'nothing');
      else await noteTwoFactor(uow, user, 'user.two-factor-disabled', self.actor);
    });
    return this.state(self);
  }

  /** Whoever sits down at an open session does not know the password; guesses count like sign-ins. */
  async #confirmed({ principal, client }: Self, { currentPassword }: PasswordProof): Promise<UserRecord> {
    const user = await this.#user(this.database, principal.userId);
    if (!user.hasPassword) return user;
    await this.passwordLimits.count(user.email, client.address);
    const hash = await this.states.passwordHash(user.id);
    if (!(await this.passwords.matches(currentPassword ?? '', hash)))
      throw new ProblemError('wrong-password', { errors: [{ pointer: '/currentPassword', message: 'is wrong' }] });
    await this.passwordLimits.forgive(user.email, client.address);
    return user;
  }

  async #user(db: Database | UnitOfWork, userId: string): Promise<UserRecord> {
    const user = await this.users.findById(db, userId);
    if (user === undefined) throw new ProblemError('unauthenticated');
    return user;
  }
}
