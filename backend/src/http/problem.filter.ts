import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, PROBLEM_CODES, type ProblemCode } from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { isOutage } from '../db/index.js';
import { LOG, type Log } from './log.js';
import { ProblemError } from './problem-error.js';

/** The one place that turns an exception into an answer: problem+json, without a stack or anything internal. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblemError(error);
    if (problem.code === 'internal-error') this.log.error({ err: error, requestId: request.id }, 'A request failed');
    if (problem.code === 'unavailable')
      this.log.warn({ err: error, requestId: request.id }, 'A request found no database');
    if (reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(reply, problem, request.id);
  }
}

export function sendProblem(reply: FastifyReply, problem: ProblemError, requestId: string): void {
  const { status, headers, body } = problemAnswer(problem, requestId);
  reply.code(status).headers(headers).send(body);
}

/** A problem as an answer of HTTP. */
export function problemAnswer(problem: ProblemError, requestId: string) {
  const { retryAfterSeconds } = problem.details;
  const body = problem.toProblem(requestId);
  const headers = {
    'Content-Type': PROBLEM_MEDIA_TYPE,
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterSeconds)) }),
    ...(problem.code === 'unauthenticated' ? { 'WWW-Authenticate': 'Bearer' } : {}),
  };
  return { status: body.status, headers, body: JSON.stringify(body) };
}

/** Ours as they are; Nest's and Fastify's own by their status; a database out of reach; anything else is our fault. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const status = statusOf(error);
  const known = PROBLEM_CODES.find((code) => BY_STATUS.has(code) && PROBLEMS[code].status === status);
  if (known !== undefined) return new ProblemError(known, detailOf(known, error));
  return new ProblemError(isOutage(error) ? 'unavailable' : 'internal-error');
}

/** What frameworks refuse by themselves. */
const BY_STATUS: ReadonlySet<ProblemCode> = new Set([
  'malformed-request',
  'not-found',
  'payload-too-large',
  'unsupported-media-type',
]);

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** The parser's words say where the JSON breaks; they quote nothing but the request. */
const detailOf = (code: ProblemCode, error: unknown): { detail?: string } =>
  code === 'malformed-request' && error instanceof Error ? { detail: error.message } : {};
