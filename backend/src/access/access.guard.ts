import { Inject, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';

import { ProblemError } from '../http/index.js';
import { ACCESS_RULES, type AccessRule } from './access.js';
import { setActor } from './actor.js';
import { Authenticator } from './authenticator.js';
import { setPrincipal } from './principal.js';
import { refuseBeyondScope } from './token-scopes.js';

/** Global: lets a request in when its route's `@Access` says so, and refuses routes that declare nothing. */
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rules = this.#rulesOf(context);
    if (rules.includes('public') || rules.includes('device')) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const signedIn = await this.authenticator.principalOf(request);
    if (signedIn === undefined) throw new ProblemError('unauthenticated');
    const { actor, tokenScopes, ...principal } = signedIn;
    if (!rules.includes('signed-in') && !rules.includes(principal.role)) throw new ProblemError('forbidden');
    const { method, routeOptions } = request;
    if (tokenScopes !== null)
      refuseBeyondScope({ method, route: routeOptions.url ?? '', role: principal.role }, tokenScopes);
    setPrincipal(request, principal);
    setActor(request, actor);
    return true;
  }

  #rulesOf(context: ExecutionContext): readonly AccessRule[] {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<readonly AccessRule[] | undefined>(ACCESS_RULES, targets) ?? [];
  }
}
