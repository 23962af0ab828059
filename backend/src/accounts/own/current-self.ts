import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type {} from '@fastify/cookie'; // for request.cookies
import type { FastifyRequest } from 'fastify';

import { actorOf, principalOf, SESSION_COOKIE } from '../../access/index.js';
import { clientOf } from '../client.js';
import type { Self } from './own-account.js';

/** Who changes the own account, in a route whose access is `signed-in`. */
export const CurrentSelf = createParamDecorator((_data: unknown, context: ExecutionContext): Self => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    principal: principalOf(request),
    actor: actorOf(request),
    client: clientOf(request),
    sessionToken: request.cookies[SESSION_COOKIE],
  };
});
