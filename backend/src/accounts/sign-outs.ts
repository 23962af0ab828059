import { Inject } from '@nestjs/common';
import type {} from '@fastify/cookie'; // for request.cookies
import type { FastifyRequest } from 'fastify';

import { SESSION_COOKIE } from '../access/index.js';
import { Database } from '../db/index.js';
import { Sessions } from './sessions.js';
import { oneself, UserTrail } from './user-trail.js';

/** Ends the session of the request's cookie, if there is one. */
export class SignOuts {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(UserTrail) private readonly trail: UserTrail,
  ) {}

  async signOut(request: FastifyRequest): Promise<void> {
    const token = request.cookies[SESSION_COOKIE];
    if (token === undefined) return;
    await this.database.transaction(async (uow) => {
      const ended = await this.sessions.end(uow, token);
      if (ended === undefined) return;
      const { tenantId, userId, email } = ended;
      const user = { id: userId, email, tenant: { id: tenantId } };
      await this.trail.note(uow, user, 'user.signed-out', oneself(user, { address: request.ip }));
    });
  }
}
