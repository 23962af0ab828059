import { hash, timingSafeEqual } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import { isLoopback } from '../../config/index.js';
import { ProblemError } from '../problem-error.js';

/** What of a request tells who wants to read the metrics. */
export type Scrape = Pick<FastifyRequest, 'headers' | 'ip'>;

/** Headers by which a reverse proxy tells that somebody else asks. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Metrics tell how much goes on here, which is nobody's business outside. With `METRICS_TOKEN`, who sends it may read them;
 * without, a program on the same machine, and nobody who comes through a proxy there.
 * @throws ProblemError `unauthenticated`, `forbidden`
 */
export function refuseScrape(request: Scrape, token: string | undefined): void {
  if (token !== undefined) {
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`))
      throw new ProblemError('unauthenticated', { detail: 'Send METRICS_TOKEN as "Authorization: Bearer …".' });
    return;
  }
  const isForwarded = FORWARDED.some((name) => request.headers[name] !== undefined);
  if (isForwarded || !isLoopback(request.ip.replace(/^::ffff:/, '')))
    throw new ProblemError('forbidden', {
      detail: 'Metrics are given to this machine alone, until METRICS_TOKEN is set.',
    });
}

/** In the same time, wherever they differ. */
const isSame = (given: string, wanted: string): boolean =>
  timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'));
