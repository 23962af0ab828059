import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from '@signalpost/contracts';
import type { FastifyRequest } from 'fastify';

import { ProblemError } from '../http/index.js';

/** The tenant row that is the system scope: users and mail servers of the system stand under it. */
export const SYSTEM_TENANT_ID = '00000000-0000-0000-0000-000000000000';

/** Who asks. */
export interface Principal {
  readonly userId: string;
  readonly tenantId: string;
  readonly role: Role;
  /** Set for a customer user, who sees what belongs to this customer alone. */
  readonly customerId: string | null;
}

const principals = new WeakMap<FastifyRequest, Principal>();

export const setPrincipal = (request: FastifyRequest, principal: Principal): void => {
  principals.set(request, principal);
};

/** Who asks, in a route whose access is a role or `signed-in`. */
export const CurrentPrincipal = createParamDecorator((_data: unknown, context: ExecutionContext): Principal =>
  principalOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** As `CurrentPrincipal`, of a request at hand. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new ProblemError('unauthenticated');
  return principal;
}
