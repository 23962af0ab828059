import { Inject } from '@nestjs/common';
import type {} from '@fastify/cookie'; // for request.cookies
import { API_TOKEN_PREFIX, REQUEST_HEADER } from '@signalpost/contracts';
import type { FastifyRequest } from 'fastify';

import { ProblemError } from '../http/index.js';
import { SESSION_COOKIE, SESSION_LOOKUP, type SessionLookup, type SignedIn } from './session-lookup.js';

/** Tells who sent a request: by API token, else by session cookie. */
export class Authenticator {
  constructor(@Inject(SESSION_LOOKUP) private readonly sessions: SessionLookup) {}

  /** @throws ProblemError `missing-request-header` for a change by cookie that another site could have caused */
  async principalOf(request: FastifyRequest): Promise<SignedIn | undefined> {
    const bearer = bearerToken(request);
    if (bearer !== undefined) return bearer.startsWith(API_TOKEN_PREFIX) ? this.sessions.byApiToken(bearer) : undefined;
    const cookie = request.cookies[SESSION_COOKIE];
    if (cookie === undefined) return undefined;
    refuseForgedWrite(request);
    return this.sessions.bySessionToken(cookie);
  }
}

const bearerToken = (request: FastifyRequest): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** Another site can make a browser send the cookie, but not this header. */
function refuseForgedWrite(request: FastifyRequest): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
  if (request.headers[REQUEST_HEADER.name.toLowerCase()] !== REQUEST_HEADER.value)
    throw new ProblemError('missing-request-header');
}
