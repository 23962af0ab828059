import { Counter } from 'prom-client';

import type { Metrics } from '../../http/ops/index.js';

export function debugCounter({ registry }: Metrics): Counter<'result'> {
  return new Counter({
    name: 'signalpost_debug_events_total',
    help: 'Debug events of rule nodes: written, or dropped because there were too many',
    labelNames: ['result'],
    registers: [registry],
  });
}
