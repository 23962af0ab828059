import { randomUUID } from 'node:crypto';

import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Config } from '../config/index.js';
import type { Log } from './log.js';
import type { Metrics } from './ops/metrics.js';
import { sendProblem, toProblemError } from './problem.filter.js';
import { requestReport } from './request-report.js';
import { closeSilentConnections } from './silent-connections.js';

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
  closeSilentConnections(app);
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    done();
  });
  const report = requestReport(log, metrics);
  app.addHook('onResponse', (request, reply, done) => {
    report({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: reply.elapsedTime,
    });
    done();
  });
}

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
