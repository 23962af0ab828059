import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ProblemError } from './problem-error.js';

/** Puts the revision of what is answered into the header `ETag` (RFC 9110 §8.8.3). */
export function tagged<T extends { readonly revision: number }>(reply: FastifyReply, value: T): T {
  reply.header('ETag', `"${value.revision}"`);
  return value;
}

/** Names the header in the API's description. */
export const TakesIfMatch = (): MethodDecorator =>
  ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of what was read and is changed' });

/**
 * The revision that a change is made to, from the header `If-Match`.
 * @throws ProblemError `precondition-required` without it; `changed-meanwhile` for what never was one of our tags
 */
export const IfMatch = createParamDecorator((_data: unknown, context: ExecutionContext): number => {
  const revision = revisionOf(context);
  if (revision === undefined) throw new ProblemError('precondition-required');
  return revision;
});

/** As `IfMatch`; without the header whatever is there is changed. */
export const MaybeIfMatch = createParamDecorator((_data: unknown, context: ExecutionContext): number | undefined =>
  revisionOf(context),
);

function revisionOf(context: ExecutionContext): number | undefined {
  const value = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (value === undefined) return undefined;
  const [, revision] = /^\s*"(\d{1,9})"\s*$/.exec(value) ?? [];
  if (revision === undefined) throw new ProblemError('changed-meanwhile');
  return Number(revision);
}
