import { Inject } from '@nestjs/common';
import type { Activation, LinkPurpose, PasswordReset } from '@signalpost/contracts';

import { Database, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { SignInStates, Users, type UserRecord } from '../../users/index.js';
import { AccountMails } from '../account-mails.js';
import { ApiTokens } from '../api-tokens.js';
import type { Client } from '../client.js';
import { refuseWeakPassword } from '../password-policy.js';
import { Passwords } from '../passwords.js';
import { Sessions } from '../sessions.js';
import { SignInLimits } from '../sign-in-limits.js';
import { PendingSignIns } from '../two-factor/pending-sign-ins.js';
import { oneself, UserTrail } from '../user-trail.js';
import { AccountLinks, type LinkRecord } from './account-links.js';

/** What the links in mails do, each once. Whoever holds one is taken for the person whose mailbox it was sent to. */
export class LinkActs {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AccountLinks) private readonly links: AccountLinks,
    @Inject(Users) private readonly users: Users,
    @Inject(SignInStates) private readonly states: SignInStates,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(AccountMails) private readonly mails: AccountMails,
    @Inject(SignInLimits) private readonly limits: SignInLimits,
    @Inject(UserTrail) private readonly trail: UserTrail,
    @Inject(PendingSignIns) private readonly pending: PendingSignIns,
    @Inject(ApiTokens) private readonly apiTokens: ApiTokens,
  ) {}

  /** @throws ProblemError `link-expired`, `link-invalid`, `password-refused` */
  async activate(activation: Activation, client: Client): Promise<{ tenantId: string; userId: string }> {
    const { token, password } = activation;
    const hash = await this.#hashFor(token, password);
    return this.#use(token, ['activation'], async (uow, user) => {
      await this.states.setPassword(uow, user.id, hash);
      await this.users.setProfile(uow, user.id, {
        name: activation.name ?? user.name,
        language: activation.language === undefined ? user.language : activation.language,
        timeZone: activation.timeZone === undefined ? user.timeZone : activation.timeZone,
      });
      await this.mails.activated(uow, user);
      await this.trail.note(uow, user, 'user.activated', oneself(user, client));
      return { tenantId: user.tenant.id, userId: user.id };
    });
  }

  /** Every session ends; a lock is lifted and wrong guesses are forgotten, as the mailbox is the person's own. */
  async resetPassword({ token, password }: PasswordReset, client: Client): Promise<void> {
    const hash = await this.#hashFor(token, password);
    const email = await this.#use(token, ['password-reset'], async (uow, user) => {
      await this.states.setPassword(uow, user.id, hash);
      await this.links.end(uow, { userId: user.id }, 'unlock');
      await this.#endSignIns(uow, user);
      await this.mails.passwordChanged(uow, user, client.address);
      await this.trail.note(uow, user, 'user.password-reset', oneself(user, client));
      return user.email;
    });
    await this.limits.forgive(email, client.address);
  }

  /** @returns the address that signs in from now on */
  async confirmAddress(token: string, client: Client): Promise<string> {
    const purposes = ['address-confirmation', 'address-undo'] as const;
    return this.#use(token, purposes, async (uow, user, { purpose, address }) => {
      if (address === null) throw new ProblemError('link-invalid');
      await this.users.setEmail(uow, user.id, address);
      const changed = { ...user, email: address };
      if (purpose === 'address-undo') await this.#takeBack(uow, changed, client);
      else await this.mails.addressChanged(uow, user, address);
      const changes = [{ field: 'email', before: user.email, after: address }];
      await this.trail.note(uow, changed, 'user.address-changed', oneself(changed, client), changes);
      return address;
    });
  }

  async unlock(token: string, client: Client): Promise<void> {
    const email = await this.#use(token, ['unlock'], async (uow, user) => {
      await this.states.unlock(uow, user.id);
      await this.trail.note(uow, user, 'user.unlocked', oneself(user, client));
      return user.email;
    });
    await this.limits.forgive(email, client.address);
  }

  /** Also those that wait for the second factor: the password that began them is no good any more. */
  async #endSignIns(uow: UnitOfWork, { id, tenant }: UserRecord): Promise<void> {
    await this.sessions.endAll(uow, id);
    await this.pending.endAll(uow, { tenantId: tenant.id, userId: id });
  }

  /** Somebody else changed the address, and needed the password for it: what that somebody holds ends, the password, too. */
  async #takeBack(uow: UnitOfWork, user: UserRecord, client: Client): Promise<void> {
    await this.#endSignIns(uow, user);
    await this.apiTokens.endAll(uow, { tenantId: user.tenant.id, userId: user.id }, oneself(user, client));
    await this.links.end(uow, { userId: user.id }, 'address-confirmation', 'password-reset', 'unlock');
    await this.states.clearPassword(uow, user.id);
    await this.mails.passwordReset(uow, user, null);
  }

  /** Hashing takes long, so it is no part of the transaction; a link that is no good is refused before. */
  async #hashFor(token: string, password: string): Promise<string> {
    const link = await this.links.look(this.database, token);
    const user = await this.users.findById(this.database, link.userId);
    refuseWeakPassword(password, user?.email ?? '', 'password');
    return this.passwords.hash(password);
  }

  #use<T>(
    token: string,
    purposes: readonly LinkPurpose[],
    act: (uow: UnitOfWork, user: UserRecord, link: LinkRecord) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (uow) => {
      const link = await this.links.use(uow, token, ...purposes);
      const user = await this.users.findById(uow, link.userId);
      if (user === undefined) throw new ProblemError('link-invalid');
      return act(uow, user, link);
    });
  }
}
