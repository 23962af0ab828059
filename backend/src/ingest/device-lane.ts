import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { FastifyInstance } from 'fastify';

import { type Log, problemAnswer, type RequestReport, toProblemError } from '../http/index.js';
import type { Ingest, PayloadParser } from './ingest.js';
import { parseAttributes, parseTelemetry } from './payload.js';

/** Largest body that a device may send, in bytes. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** What a device posts, by the last part of the path. */
export const DEVICE_POSTS: Readonly<Record<string, PayloadParser>> = {
  telemetry: parseTelemetry,
  attributes: parseAttributes,
};
export const devicePath = (what: string): string => `/api/v1/:token/${what}`;

/** As devices write it: nothing to decode, no query. */
const ORDINARY = new RegExp(
  `^POST ${devicePath(`(${Object.keys(DEVICE_POSTS).join('|')})`).replace(':token', '([\\w.~-]+)')}$`,
);

/** Takes a request, or leaves it to others. */
type Taker = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The shortest way for what devices post all day: a plain path, a body of known length within the limit. Routing, hooks and
 * replies of a framework would cost more than everything else that is done for a message. What is out of the ordinary goes
 * on to the same routes on Fastify, as does everything once it closes.
 */
export function deviceLane(ingest: Ingest, log: Pick<Log, 'error'>, report: RequestReport) {
  return (app: FastifyInstance, _options: object, done: () => void): void => {
    const take = taker(ingest, log, report);
    let closing = false;
    app.addHook('preClose', (closed) => {
      closing = true;
      closed();
    });
    putBefore(app.server, (request, response) => !closing && take(request, response));
    done();
  };
}

/** Whoever listens for requests now gets those alone that `take` leaves. */
function putBefore(server: Pick<Server, 'listeners' | 'removeAllListeners' | 'on'>, take: Taker): void {
  const others = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!take(request, response)) for (const other of others) other.call(server, request, response);
  });
}

function taker(ingest: Ingest, log: Pick<Log, 'error'>, report: RequestReport): Taker {
  return (request, response) => {
    const [, token, what = ''] = ORDINARY.exec(`${request.method} ${request.url}`) ?? [];
    const parse = DEVICE_POSTS[what];
    if (token === undefined || parse === undefined || !isOrdinary(request)) return false;
    const begun = performance.now();
    void readBody(request)
      .then((body) => ingest.accept(token, body, parse))
      .then(
        () => void response.end(),
        (error: unknown) => answerProblem(response, error, log),
      )
      .then((requestId = '') => {
        const ms = performance.now() - begun;
        report({ requestId, method: 'POST', route: devicePath(what), status: response.statusCode, ms });
      });
    return true;
  };
}

const isOrdinary = ({ headers }: IncomingMessage): boolean => Number(headers['content-length']) <= BODY_LIMIT_BYTES;

/** A body that is broken off is never answered: its sender is gone. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** @returns the id by which a person finds the request in the log */
function answerProblem(response: ServerResponse, error: unknown, log: Pick<Log, 'error'>): string {
  const problem = toProblemError(error);
  const requestId = randomUUID();
  if (problem.code === 'internal-error') log.error({ err: error, requestId }, 'A device request failed');
  const { status, headers, body } = problemAnswer(problem, requestId);
  response.writeHead(status, { ...headers, 'X-Request-Id': requestId }).end(body);
  return requestId;
}
