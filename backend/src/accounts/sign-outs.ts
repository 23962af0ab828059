import { Inject } from '@nestjs/common';
import type {} from '@fastify/cookie'; // for request.cookies
import type { FastifyRequest } from 'fastify';

import { SESSION_COOKIE } from '../access/index.js';
import { Audit } from '../audit/index.js';
import { Database } from '../db/index.js';
import { Sessions } from './sessions.js';

/** Ends the session of the request's cookie, if there is one. */
export class SignOuts {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  async signOut(request: FastifyRequest): Promise<void> {
    const token = request.cookies[SESSION_COOKIE];
    if (token === undefined) return;
    await this.database.transaction(async (uow) => {
      const ended = await this.sessions.end(uow, token);
      if (ended === undefined) return;
      const { tenantId, userId, email } = ended;
      const [actor, entity] = [
        { kind: 'user', userId, email } as const,
        { type: 'user', id: userId, name: email } as const,
      ];
      await Audit.record(uow, { actor, source: request.ip, tenantId, action: 'user.signed-out', entity });
    });
  }
}
