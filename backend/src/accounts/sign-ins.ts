import { Inject } from '@nestjs/common';
import type { SignIn } from '@signalpost/contracts';

import { ProblemError } from '../http/index.js';
import { Users, type Credentials } from '../users/index.js';
import { Passwords } from './passwords.js';
import { SignInLimits } from './sign-in-limits.js';

/** Checks an address and a password; an unknown address answers as slowly and with the same words as a wrong password. */
export class SignIns {
  constructor(
    @Inject(Users) private readonly users: Users,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(SignInLimits) private readonly limits: SignInLimits,
  ) {}

  /**
   * @param source the client's IP address
   * @throws ProblemError `sign-in-failed` or `too-many-requests`
   */
  async check({ email, password }: SignIn, source: string): Promise<Credentials> {
    await this.limits.count(email, source);
    const user = await this.users.credentials(email);
    const correct = await this.passwords.matches(password, user?.passwordHash);
    if (user === undefined || !correct) throw new ProblemError('sign-in-failed');
    await this.limits.forgive(email, source);
    return user;
  }
}
