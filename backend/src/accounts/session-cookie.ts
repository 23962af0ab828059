import { Inject } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type {} from '@fastify/cookie'; // for reply.setCookie

import { SESSION_COOKIE } from '../access/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { DEVICE_COOKIE } from './client.js';
import { SESSION_COOKIE_SECONDS } from './sessions.js';

/** As long as browsers keep a cookie at most. */
const DEVICE_COOKIE_SECONDS = 400 * 24 * 3600;

/** The cookie of a session: out of reach of scripts, not sent with other sites' changes, and over TLS alone where there is TLS. */
export class SessionCookie {
  readonly #attributes;

  constructor(@Inject(CONFIG) config: Pick<Config, 'publicUrl'>) {
    this.#attributes = {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: config.publicUrl.startsWith('https:'),
    } as const;
  }

  /** @param deviceToken names the browser, and stays when the session ends */
  set(reply: FastifyReply, token: string, deviceToken: string): void {
    reply.setCookie(SESSION_COOKIE, token, { ...this.#attributes, maxAge: SESSION_COOKIE_SECONDS });
    reply.setCookie(DEVICE_COOKIE, deviceToken, { ...this.#attributes, maxAge: DEVICE_COOKIE_SECONDS });
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(SESSION_COOKIE, this.#attributes);
  }
}
