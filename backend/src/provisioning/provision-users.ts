import type { AccountMails, Passwords } from '../accounts/index.js';
import type { Membership, Users } from '../users/index.js';
import type { Application } from './application.js';
import type { UserEntry } from './provisioning-file.js';

/**
 * Users of one scope and role. A password is set when the user is made, and never again: people change theirs. Who is
 * made without one gets an invitation.
 */
export class UserProvisioner {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly mails: Pick<AccountMails, 'invitation'>,
  ) {}

  /** @returns the ids */
  async save(
    application: Application,
    path: readonly PropertyKey[],
    membership: Membership,
    entries: readonly UserEntry[],
  ): Promise<string[]> {
    const ids: string[] = [];
    for (const [index, entry] of entries.entries())
      ids.push(await this.#saveOne(application, [...path, index], membership, entry));
    return ids;
  }

  async unlockExcept(application: Application, tenantId: string, keep: readonly string[]): Promise<void> {
    await application.unlock(
      (email) => `user ${email}`,
      () => this.users.unlockExcept(application.uow, tenantId, keep),
    );
  }

  async #saveOne(
    application: Application,
    path: readonly PropertyKey[],
    membership: Membership,
    entry: UserEntry,
  ): Promise<string> {
    const { uow, managed } = application;
    const { password, ...user } = entry;
    const isNew = !(await this.users.exists(uow, user.email));
    const hash = isNew && password !== undefined ? await this.passwords.hash(password) : null;
    const save = () => this.users.save(uow, membership, user, hash, managed);
    const id = await application.save(path, `user ${user.email}`, save);
    if (isNew && hash === null) await this.#invite(application, id);
    return id;
  }

  async #invite({ uow }: Application, id: string): Promise<void> {
    const user = await this.users.findById(uow, id);
    if (user !== undefined) await this.mails.invitation(uow, user, null);
  }
}
