import type {} from '@fastify/cookie'; // for request.cookies and reply.setCookie
import { Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { CONFIG, type Config } from '../../config/index.js';
import { PENDING_MINUTES } from './pending-sign-ins.js';

const COOKIE = 'signalpost_pending';

/** The cookie of somebody between the password and the second factor; it opens nothing else. */
export class PendingCookie {
  readonly #attributes;

  constructor(@Inject(CONFIG) config: Pick<Config, 'publicUrl'>) {
    const secure = config.publicUrl.startsWith('https:');
    this.#attributes = { path: '/api/auth', httpOnly: true, sameSite: 'lax', secure } as const;
  }

  of(request: FastifyRequest): string {
    return request.cookies[COOKIE] ?? '';
  }

  set(reply: FastifyReply, token: string): void {
    reply.setCookie(COOKIE, token, { ...this.#attributes, maxAge: PENDING_MINUTES * 60 });
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(COOKIE, this.#attributes);
  }
}
