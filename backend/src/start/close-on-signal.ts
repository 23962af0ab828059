import type { Log } from '../http/index.js';
import type { Closing } from './closing.js';

/** SIGTERM and SIGINT close everything in order; a second signal ends at once. */
export function closeOnSignal(closing: Closing, log: Log): void {
  const stop = (signal: NodeJS.Signals): void => {
    for (const name of SIGNALS) process.once(name, () => process.exit(1)).off(name, stop);
    log.info(`Stopping (${signal}).`);
    void closing.run(log).then(() => process.exit(0));
  };
  for (const name of SIGNALS) process.once(name, stop);
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const satisfies readonly NodeJS.Signals[];
