import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { ProblemError } from './problem-error.js';
import { sendProblem } from './problem.filter.js';

const START_PAGE = 'index.html';
const ONE_YEAR_MS = 365 * 24 * 3600 * 1000;
/** Angular puts a hash into these names: the content of one name never changes. */
const HASHED = /-[A-Z0-9]{8}\.\w+$/;

/**
 * Serves the built user interface: its files, and the start page for every address that the Angular router owns.
 * The list of files is read once, so no request can name a file outside of it.
 */
export async function serveFrontend(app: FastifyInstance, folder: string): Promise<void> {
  const files = existsSync(folder) ? listFiles(folder) : new Set<string>();
  if (files.size > 0) await app.register(fastifyStatic, { root: folder, serve: false });
  app.get('/*', { exposeHeadRoute: true }, (request, reply) => answer(files, request, reply));
}

function listFiles(folder: string): ReadonlySet<string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Set(entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')));
}

function answer(files: ReadonlySet<string>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = pathOf(request);
  if (files.has(path)) return sendFile(path, reply);
  if (files.has(START_PAGE) && wantsPage(path, request)) return sendFile(START_PAGE, reply);
  const missing = files.size === 0 && !isApi(path);
  sendProblem(
    reply,
    new ProblemError('not-found', missing ? { detail: 'The user interface is not built: run "npm run build".' } : {}),
    request.id,
  );
  return reply;
}

function pathOf(request: FastifyRequest): string {
  const [path = ''] = request.url.slice(1).split('?', 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const isApi = (path: string): boolean => /^(api|health|metrics)(\/|$)/.test(path);

const wantsPage = (path: string, request: FastifyRequest): boolean =>
  !isApi(path) && (request.headers.accept ?? '').includes('text/html');

function sendFile(path: string, reply: FastifyReply): FastifyReply {
  if (HASHED.test(path)) return reply.sendFile(path, { maxAge: ONE_YEAR_MS, immutable: true });
  return reply.sendFile(path, { cacheControl: false }).header('Cache-Control', 'no-cache');
}
