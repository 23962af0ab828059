import { Inject } from '@nestjs/common';
import type { SignIn } from '@signalpost/contracts';

import { ProblemError } from '../http/index.js';
import { SignInStates, type Credentials } from '../users/index.js';
import type { Client } from './client.js';
import { Lockout } from './lockout.js';
import { Passwords } from './passwords.js';
import { SignInLimits } from './sign-in-limits.js';

/**
 * Checks an address and a password; an unknown address, and any password for a locked account, answer as slowly and with
 * the same words as a wrong password.
 */
export class SignIns {
  constructor(
    @Inject(SignInStates) private readonly states: SignInStates,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(SignInLimits) private readonly limits: SignInLimits,
    @Inject(Lockout) private readonly lockout: Lockout,
  ) {}

  /** @throws ProblemError `sign-in-failed` or `too-many-requests` */
  async check({ email, password }: SignIn, client: Client): Promise<Credentials> {
    await this.limits.count(email, client.address);
    const user = await this.states.credentials(email);
    const lockedOut = await this.lockout.isLockedOut(user, client);
    const correct = await this.passwords.matches(password, user?.passwordHash);
    if (user === undefined || !correct || lockedOut) {
      await this.lockout.failed(user, client);
      throw new ProblemError('sign-in-failed');
    }
    await this.limits.forgive(email, client.address);
    return user;
  }
}
