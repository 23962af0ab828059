import { Inject } from '@nestjs/common';

import { SYSTEM_TENANT_ID } from '../access/index.js';
import { Audit } from '../audit/index.js';
import { Database, type UnitOfWork } from '../db/index.js';
import { SignInStates, Users, type Credentials } from '../users/index.js';
import { AccountMails } from './account-mails.js';
import type { Client } from './client.js';
import { KnownDevices } from './known-devices.js';
import { somebody, UserTrail } from './user-trail.js';

/** Nobody has this id, which is that of the system scope. */
const NOBODY = SYSTEM_TENANT_ID;
/** Wrong passwords in a row until an account is locked. */
export const LOCKOUT_FAILURES = 10;
/** A lock ends by itself: mail must never be the only way back. */
const LOCK_MINUTES = 60;

/**
 * Locks an account whose password strangers guess. Browsers that have signed in before are no strangers: they neither
 * count nor are they locked out, so that nobody can be kept out of the own account from somewhere else.
 */
export class Lockout {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(SignInStates) private readonly states: SignInStates,
    @Inject(AccountMails) private readonly mails: AccountMails,
    @Inject(UserTrail) private readonly trail: UserTrail,
  ) {}

  /** Asked of everybody, whatever the password: nobody learns by it that an account is locked, or exists. */
  async isLockedOut(user: Credentials | undefined, client: Client): Promise<boolean> {
    const known = await KnownDevices.isKnown(this.database, user?.userId ?? NOBODY, client);
    return typeof user?.lockedForSeconds === 'number' && !known;
  }

  /** A wrong password, or any for an account that is locked. @param user undefined for an unknown address, which costs the same statements */
  async failed(user: Credentials | undefined, client: Client): Promise<void> {
    await this.database.transaction(async (uow) => {
      await note(uow, user, client);
      const known = await KnownDevices.isKnown(uow, user?.userId ?? NOBODY, client);
      const failures = await this.states.noteFailure(uow, known ? NOBODY : (user?.userId ?? NOBODY));
      if (user !== undefined && failures >= LOCKOUT_FAILURES) await this.#lock(uow, user, client);
    });
  }

  async #lock(uow: UnitOfWork, { userId }: Credentials, { address }: Client): Promise<void> {
    const until = await this.states.lock(uow, userId, LOCK_MINUTES);
    const user = await this.users.findById(uow, userId);
    if (user === undefined) return;
    await this.mails.locked(uow, user, LOCKOUT_FAILURES, until, address);
    await this.trail.note(uow, user, 'user.locked', somebody(address));
  }
}

/** Of an unknown address nothing is kept: people type passwords into the wrong field. */
async function note(uow: UnitOfWork, user: Credentials | undefined, { address }: Client): Promise<void> {
  await Audit.record(uow, {
    ...somebody(address),
    tenantId: user?.tenantId ?? NOBODY,
    action: 'user.sign-in-failed',
    entity: { type: 'user', id: user?.userId ?? null, name: user?.email ?? '(unknown address)' },
  });
}
