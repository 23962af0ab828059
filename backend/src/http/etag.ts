import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ProblemError } from './problem-error.js';

/** Puts the revision of what is answered into the header `ETag` (RFC 9110 §8.8.3). */
export function tagged<T extends { readonly revision: number }>(reply: FastifyReply, value: T): T {
  reply.header('ETag', `"${value.revision}"`);
  return value;
}

/**
 * The revision that a change is made to, from the header `If-Match`.
 * @throws ProblemError `precondition-required` without it; `changed-meanwhile` for what never was one of our tags
 */
export const IfMatch = createParamDecorator((_data: unknown, context: ExecutionContext): number => {
  const value = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (value === undefined) throw new ProblemError('precondition-required');
  const [, revision] = /^\s*"(\d{1,9})"\s*$/.exec(value) ?? [];
  if (revision === undefined) throw new ProblemError('changed-meanwhile');
  return Number(revision);
});
