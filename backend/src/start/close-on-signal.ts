import type { Log } from '../http/index.js';
import type { Closing } from './closing.js';

/**
 * SIGTERM and SIGINT close everything in order; a second signal ends at once. Where another program started this one with
 * an ipc channel (`npm start` does), the end of that program, also a `kill -9`, means the same.
 */
export function closeOnSignal(closing: Closing, log: Log): void {
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    log.info(`Stopping (${reason}).`);
    void closing.run(log).then(() => process.exit(0));
  };
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (stopping) process.exit(1);
      stop(name);
    });
  }
  if (process.connected) process.once('disconnect', () => stop('the program that started this one is gone'));
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const satisfies readonly NodeJS.Signals[];
