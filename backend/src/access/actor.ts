import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuditActor } from '@signalpost/contracts';
import type { FastifyRequest } from 'fastify';

/** Who does something and from where: what the audit log says of it. */
export interface Actor {
  readonly actor: AuditActor;
  /** IP address of the request; absent for what no request began. */
  readonly source?: string;
}

/** Signalpost by itself: what is scheduled. */
export const SYSTEM_ACTOR: Actor = { actor: { kind: 'system' } };

/** The file that the operator wrote. */
export const PROVISIONING_ACTOR: Actor = { actor: { kind: 'provisioning' } };

const actors = new WeakMap<FastifyRequest, AuditActor>();

export const setActor = (request: FastifyRequest, actor: AuditActor): void => {
  actors.set(request, actor);
};

/** Who acts by a request: a user, an API token; on a public route, which asks nobody, `anonymous`. */
export const actorOf = (request: FastifyRequest): Actor => ({
  actor: actors.get(request) ?? { kind: 'anonymous' },
  source: request.ip,
});

/** As `actorOf`, for a route: hand it on to what writes, down to `Audit.record`. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor =>
  actorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
