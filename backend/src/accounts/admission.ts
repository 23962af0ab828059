import { Inject } from '@nestjs/common';
import type { Session } from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { newToken, type Principal } from '../access/index.js';
import { Database } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import { SignInStates, Users } from '../users/index.js';
import { AccountMails } from './account-mails.js';
import { clientOf } from './client.js';
import { KnownDevices } from './known-devices.js';
import { SessionCookie } from './session-cookie.js';
import { SessionView } from './session-view.js';
import { Sessions } from './sessions.js';
import { oneself, UserTrail } from './user-trail.js';

/** The last step of every way in, once it is certain who it is: session, cookies, and a mail where the browser is new. */
export class Admission {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(SignInStates) private readonly states: SignInStates,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
    @Inject(AccountMails) private readonly mails: AccountMails,
    @Inject(SessionView) private readonly view: SessionView,
    @Inject(UserTrail) private readonly trail: UserTrail,
  ) {}

  async admit(
    user: Pick<Principal, 'tenantId' | 'userId'>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Session> {
    const client = clientOf(request);
    const deviceToken = client.deviceToken ?? newToken();
    const token = await this.database.transaction(async (uow) => {
      const record = await this.users.findById(uow, user.userId);
      if (record === undefined) throw new ProblemError('unauthenticated');
      const familiarity = await KnownDevices.remember(uow, user, client, deviceToken);
      if (familiarity === 'new') await this.mails.newSignIn(uow, record, client);
      await this.states.noteSuccess(uow, user.userId);
      await this.trail.note(uow, record, 'user.signed-in', oneself(record, client));
      return this.sessions.create(uow, user, client);
    });
    this.cookie.set(reply, token, deviceToken);
    return this.view.of(user);
  }
}
