import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { type Log, sendProblem, toProblemError } from '../http/index.js';
import type { AttributeUpdates } from './attribute-updates.js';
import type { DeviceAttributes } from './device-attributes.js';
import { BODY_LIMIT_BYTES, DEVICE_POSTS, devicePath } from './device-lane.js';
import type { Ingest, PayloadParser } from './ingest.js';

/** Security headers tell browsers what a page may do; a device has none to show, and they would be most of the answer. */
const FOR_MACHINES = { helmet: false } as const;

interface DeviceRoute {
  Params: { token: string };
}

/**
 * ThingsBoard's device API over HTTP. The routes stand directly on Fastify and take any content type as text: the body is
 * checked by our own reader, whose errors name what is wrong. Ordinary posts do not come so far: see `deviceLane`.
 */
export function deviceApi(
  ingest: Ingest,
  attributes: DeviceAttributes,
  updates: AttributeUpdates,
  log: Pick<Log, 'error'>,
) {
  return (app: FastifyInstance, _options: object, done: () => void): void => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES }, (_request, body, parsed) =>
      parsed(null, body),
    );
    app.setErrorHandler((error, request, reply) => {
      const problem = toProblemError(error);
      if (problem.code === 'internal-error')
        log.error({ err: error, requestId: request.id }, 'A device request failed');
      sendProblem(reply, problem, request.id);
    });
    const take = (parse: PayloadParser) => async (request: FastifyRequest<DeviceRoute>, reply: FastifyReply) => {
      await ingest.accept(request.params.token, typeof request.body === 'string' ? request.body : '', parse);
      return reply.code(200).send();
    };
    for (const [what, parse] of Object.entries(DEVICE_POSTS))
      app.post<DeviceRoute>(devicePath(what), FOR_MACHINES, take(parse));
    app.get<DeviceRoute & { Querystring: { clientKeys?: string; sharedKeys?: string } }>(
      '/api/v1/:token/attributes',
      (request) => attributes.read(request.params.token, request.query),
    );
    app.get<DeviceRoute & { Querystring: { timeout?: string } }>(
      '/api/v1/:token/attributes/updates',
      FOR_MACHINES,
      async (request, reply) => {
        const values = await updates.next(request.params.token, timeoutOf(request.query.timeout), goneWith(reply));
        return values ?? reply.code(408).send();
      },
    );
    done();
  };
}

/** Milliseconds; what is no number of them asks for the usual time. */
function timeoutOf(text = ''): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

function goneWith(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
