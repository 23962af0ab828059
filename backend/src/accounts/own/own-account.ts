import { Inject } from '@nestjs/common';
import {
  accountChangesSchema,
  type Account,
  type AccountChanges,
  type AddressChange,
  type PasswordChange,
} from '@signalpost/contracts';

import type { Actor, Principal } from '../../access/index.js';
import { changedFields } from '../../audit/index.js';
import { Database, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { refuseManaged, SignInStates, Users, type UserRecord } from '../../users/index.js';
import { AccountMails } from '../account-mails.js';
import type { Client } from '../client.js';
import { AccountLinks } from '../links/account-links.js';
import { refuseWeakPassword } from '../password-policy.js';
import { Passwords } from '../passwords.js';
import { Sessions } from '../sessions.js';
import { SignInLimits } from '../sign-in-limits.js';
import { PendingSignIns } from '../two-factor/pending-sign-ins.js';
import { UserTrail } from '../user-trail.js';

/** Who changes the own account, and by which session. */
export interface Self {
  readonly principal: Principal;
  readonly actor: Actor;
  readonly client: Client;
  /** Of the session's cookie. */
  readonly sessionToken: string | undefined;
}

/** What people see and change of their own account. */
export class OwnAccount {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(SignInStates) private readonly states: SignInStates,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(SignInLimits) private readonly limits: SignInLimits,
    @Inject(AccountLinks) private readonly links: AccountLinks,
    @Inject(AccountMails) private readonly mails: AccountMails,
    @Inject(UserTrail) private readonly trail: UserTrail,
    @Inject(PendingSignIns) private readonly pending: PendingSignIns,
  ) {}

  async get({ userId }: Pick<Principal, 'userId'>): Promise<Account> {
    const user = await this.users.findById(this.database, userId);
    if (user === undefined) throw new ProblemError('unauthenticated');
    const { tenantLanguage, timeZone, hasPassword, passwordChangedAt, ...shown } = user;
    const pendingAddress = await this.links.pendingAddress(this.database, userId);
    return { ...shown, tenantLanguage, timeZone, hasPassword, passwordChangedAt, pendingAddress };
  }

  async change({ principal, actor }: Self, changes: AccountChanges): Promise<Account> {
    await this.#inTransaction(principal, async (uow, user) => {
      if (user.managed && changes.name !== user.name) refuseManaged(user);
      await this.users.setProfile(uow, user.id, changes);
      const { name, language, timeZone } = user;
      await this.trail.note(
        uow,
        user,
        'user.updated',
        actor,
        changedFields(accountChangesSchema, { name, language, timeZone }, changes),
      );
    });
    return this.get(principal);
  }

  /** The session that asks stays, all others end. @throws ProblemError `wrong-password`, `password-refused` */
  async changePassword({ principal, actor, client, sessionToken }: Self, change: PasswordChange): Promise<void> {
    const user = await this.#confirmed(principal, change.currentPassword, client);
    refuseWeakPassword(change.newPassword, user.email, 'newPassword');
    const hash = await this.passwords.hash(change.newPassword);
    await this.database.transaction(async (uow) => {
      await this.states.setPassword(uow, user.id, hash);
      await this.sessions.endAll(uow, user.id, sessionToken);
      await this.pending.endAll(uow, principal);
      await this.links.end(uow, { userId: user.id }, 'password-reset', 'unlock');
      await this.mails.passwordChanged(uow, user, client.address);
      await this.trail.note(uow, user, 'user.password-changed', actor);
    });
  }

  /**
   * Sends a mail to the new address; it counts once that is confirmed. An address of somebody else is answered alike,
   * and nothing is sent there: who has which address is nobody's business.
   * @throws ProblemError `wrong-password`, `managed-by-file`
   */
  async changeAddress({ principal, actor, client }: Self, { email, currentPassword }: AddressChange): Promise<void> {
    const user = await this.#confirmed(principal, currentPassword, client);
    refuseManaged(user);
    await this.database.transaction(async (uow) => {
      await this.links.end(uow, { userId: user.id }, 'address-confirmation');
      const taken = await this.users.findByEmail(uow, email);
      if (taken === undefined || taken.id === user.id) await this.mails.addressConfirmation(uow, user, email);
      await this.trail.note(uow, user, 'user.address-change-requested', actor);
    });
  }

  async cancelAddressChange({ principal, actor }: Self): Promise<void> {
    await this.#inTransaction(principal, async (uow, user) => {
      await this.links.end(uow, { userId: user.id }, 'address-confirmation');
      await this.trail.note(uow, user, 'user.address-change-cancelled', actor);
    });
  }

  /** @throws ProblemError `not-found` */
  async endSession({ principal, actor }: Self, id: string): Promise<void> {
    await this.#inTransaction(principal, async (uow, user) => {
      const ended = await this.sessions.endOne(uow, user.id, id);
      if (!ended) throw new ProblemError('not-found', { detail: 'You have no session with this id.' });
      await this.trail.note(uow, user, 'user.session-ended', actor);
    });
  }

  /** @param everywhere also the session that asks */
  async endSessions({ principal, actor, sessionToken }: Self, everywhere: boolean): Promise<void> {
    await this.#inTransaction(principal, async (uow, user) => {
      await this.sessions.endAll(uow, user.id, everywhere ? undefined : sessionToken);
      await this.trail.note(uow, user, 'user.sessions-ended', actor);
    });
  }

  /** Whoever sits down at an open session does not know the password; guesses count like sign-ins. */
  async #confirmed({ userId }: Principal, password: string, client: Client): Promise<UserRecord> {
    const user = await this.users.findById(this.database, userId);
    if (user === undefined) throw new ProblemError('unauthenticated');
    await this.limits.count(user.email, client.address);
    const correct = await this.passwords.matches(password, await this.states.passwordHash(userId));
    if (!correct)
      throw new ProblemError('wrong-password', { errors: [{ pointer: '/currentPassword', message: 'is wrong' }] });
    await this.limits.forgive(user.email, client.address);
    return user;
  }

  async #inTransaction(
    { userId }: Principal,
    work: (uow: UnitOfWork, user: UserRecord) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (uow) => {
      const user = await this.users.findById(uow, userId);
      if (user === undefined) throw new ProblemError('unauthenticated');
      await work(uow, user);
    });
  }
}
