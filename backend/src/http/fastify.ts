import { randomUUID } from 'node:crypto';

import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Config } from '../config/index.js';
import type { Log } from './log.js';
import type { Metrics } from './ops/metrics.js';
import { sendProblem, toProblemError } from './problem.filter.js';

/** Largest request body. A rule-chain file is the largest thing that people send. */
const BODY_LIMIT_BYTES = 1024 * 1024;

export function createFastify(config: Pick<Config, 'trustedProxies'>): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, toProblemError(error), request.id),
  });
}

/** Security headers, cookies, the request id on every answer, and one log line and metric for each request. */
export async function equipFastify(
  app: FastifyInstance,
  config: Pick<Config, 'publicUrl'>,
  log: Log,
  metrics: Metrics,
): Promise<void> {
  const https = config.publicUrl.startsWith('https:');
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    strictTransportSecurity: https,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  await app.register(fastifyCookie);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    log.debug(logLine(request, reply, route), 'Request');
    done();
  });
}

/** The route's pattern, not the address: paths carry device tokens, queries carry setup tokens. */
const logLine = (request: FastifyRequest, reply: FastifyReply, route: string) => ({
  requestId: request.id,
  method: request.method,
  route,
  status: reply.statusCode,
  ms: Math.round(reply.elapsedTime),
});

/**
 * Fits the Angular build. Inline styles are needed by Angular's component styles and by the mails that the inbox shows in a
 * sandboxed frame, which inherits this policy: so a mail loads no picture from outside and runs no script.
 */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  scriptSrcAttr: ["'none'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};
