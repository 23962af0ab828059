import { Inject } from '@nestjs/common';
import {
  userChangesSchema,
  type NewInvitation,
  type Page,
  type ShownLink,
  type User,
  type UserChanges,
  type UserQuery,
} from '@signalpost/contracts';

import type { Actor, Principal } from '../../access/index.js';
import { changedFields } from '../../audit/index.js';
import { Database, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { reachOf, SignInStates, Users, type UserRecord } from '../../users/index.js';
import { AccountMails } from '../account-mails.js';
import { AccountLinks } from '../links/account-links.js';
import { Sessions } from '../sessions.js';
import { UserTrail } from '../user-trail.js';
import { InvitationViews } from './invitation-views.js';

/** Who asks, as the route knows it. */
export interface Asker {
  readonly principal: Principal;
  readonly actor: Actor;
}

/** What administrators do with the users of their scope; the system administrator also with those of every tenant who administer it. */
export class People {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(SignInStates) private readonly signIns: SignInStates,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(AccountLinks) private readonly links: AccountLinks,
    @Inject(AccountMails) private readonly mails: AccountMails,
    @Inject(InvitationViews) private readonly views: InvitationViews,
    @Inject(UserTrail) private readonly trail: UserTrail,
  ) {}

  async list(principal: Principal, query: UserQuery): Promise<Page<User>> {
    const { items, nextCursor } = await this.users.list(principal, query);
    return { items: await this.views.of(items), nextCursor };
  }

  async get(principal: Principal, id: string): Promise<User> {
    return this.#view(await this.users.get(this.database, principal, id));
  }

  async invite(asker: Asker, invitation: NewInvitation): Promise<User> {
    const id = await this.database.transaction((uow) => this.inviteIn(uow, asker, invitation));
    return this.get(asker.principal, id);
  }

  /** In a transaction of the caller. @returns the id */
  async inviteIn(uow: UnitOfWork, { principal, actor }: Asker, invitation: NewInvitation): Promise<string> {
    const { role, customerId, sendMail } = invitation;
    const { tenantId, administratorsOnly } = reachOf(principal, invitation.tenantId);
    if (administratorsOnly && role !== 'tenant-administrator') throw wrongRole();
    const id = await this.users.create(uow, { tenantId, role, customerId }, invitation);
    const user = await this.users.get(uow, principal, id);
    if (sendMail) await this.mails.invitation(uow, user, inviterOf(actor));
    await this.trail.note(
      uow,
      user,
      'user.created',
      actor,
      changedFields(userChangesSchema, undefined, fieldsOf(user)),
    );
    if (sendMail) await this.trail.note(uow, user, 'user.invited', actor);
    return id;
  }

  /** Another invitation mail; links of earlier ones go on working. @throws ProblemError `user-state` */
  async inviteAgain({ principal, actor }: Asker, id: string): Promise<User> {
    await this.#act(principal, id, async (uow, user) => {
      refuseActivated(user);
      await this.mails.invitation(uow, user, inviterOf(actor));
      await this.trail.note(uow, user, 'user.invited', actor);
    });
    return this.get(principal, id);
  }

  /** The way in without a mail: to activate the account, or to choose a new password. */
  async showLink({ principal, actor }: Asker, id: string): Promise<ShownLink> {
    return this.#act(principal, id, async (uow, user) => {
      refuseInactive(user);
      const purpose = user.activatedAt === null ? 'activation' : 'password-reset';
      const { url, expiresAt } = await this.links.create(uow, { purpose, tenantId: user.tenant.id, userId: id });
      await this.trail.note(
        uow,
        user,
        purpose === 'activation' ? 'user.invitation-link-shown' : 'user.password-reset-link-shown',
        actor,
      );
      return { purpose, url, expiresAt };
    });
  }

  /** @param revision that the change was made on. @throws ProblemError `changed-meanwhile` */
  async change(
    { principal, actor }: Asker,
    { id, revision }: { readonly id: string; readonly revision: number },
    changes: UserChanges,
  ): Promise<User> {
    await this.#act(principal, id, async (uow, user) => {
      const foreign = user.tenant.id !== principal.tenantId;
      if (foreign && changes.role !== 'tenant-administrator') throw wrongRole();
      await this.users.change(uow, user, revision, changes);
      await this.trail.note(
        uow,
        user,
        'user.updated',
        actor,
        changedFields(userChangesSchema, fieldsOf(user), changes),
      );
    });
    return this.get(principal, id);
  }

  /** Ends the sessions at once; API tokens of a disabled user are refused, too. */
  async setActive({ principal, actor }: Asker, id: string, active: boolean): Promise<User> {
    await this.#act(principal, id, async (uow, user) => {
      await this.users.setActive(uow, user, active);
      if (!active) await this.sessions.endAll(uow, id);
      if (user.active !== active) await this.trail.note(uow, user, active ? 'user.enabled' : 'user.disabled', actor);
    });
    return this.get(principal, id);
  }

  async unlock({ principal, actor }: Asker, id: string): Promise<User> {
    await this.#act(principal, id, async (uow, user) => {
      await this.signIns.unlock(uow, id);
      await this.links.end(uow, { userId: id }, 'unlock');
      if (user.lockedUntil !== null) await this.trail.note(uow, user, 'user.unlocked', actor);
    });
    return this.get(principal, id);
  }

  async delete({ principal, actor }: Asker, id: string): Promise<void> {
    await this.#act(principal, id, async (uow, user) => {
      await this.users.delete(uow, user);
      await this.trail.note(
        uow,
        user,
        'user.deleted',
        actor,
        changedFields(userChangesSchema, fieldsOf(user), undefined),
      );
    });
  }

  async #act<T>(principal: Principal, id: string, work: (uow: UnitOfWork, user: UserRecord) => Promise<T>): Promise<T> {
    return this.database.transaction(async (uow) => work(uow, await this.users.get(uow, principal, id)));
  }

  async #view(user: UserRecord): Promise<User> {
    const [view] = await this.views.of([user]);
    if (view === undefined) throw new Error('One user gives one view');
    return view;
  }
}

const fieldsOf = ({ name, language, role, customer }: UserRecord): UserChanges => ({
  name,
  language,
  role,
  customerId: customer?.id ?? null,
});

const inviterOf = ({ actor }: Actor): string | null => ('email' in actor ? actor.email : null);

const wrongRole = (): ProblemError =>
  new ProblemError('validation-failed', {
    errors: [{ pointer: '/role', message: 'must be tenant-administrator: other users are invited by those' }],
  });

function refuseActivated({ activatedAt }: UserRecord): void {
  if (activatedAt === null) return;
  throw new ProblemError('user-state', {
    detail: 'The account is active already. Who forgot the password asks for a new one on the sign-in page.',
  });
}

function refuseInactive({ active }: UserRecord): void {
  if (!active) throw new ProblemError('user-state', { detail: 'The user is disabled. Enable the user first.' });
}
