import type { Log } from './log.js';
import type { Metrics } from './ops/metrics.js';

/** One request that was answered. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, never the address: paths carry device tokens, queries carry setup tokens. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

export type RequestReport = (request: AnsweredRequest) => void;

/** One metric and one log line for each request. */
export const requestReport =
  (log: Log, metrics: Metrics): RequestReport =>
  (request) => {
    metrics.observeRequest(request.method, request.route, request.status, request.ms / 1000);
    if (log.isLevelEnabled('debug')) log.debug({ ...request, ms: Math.round(request.ms) }, 'Request');
  };
