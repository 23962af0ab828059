import { StartError } from '../config/index.js';
import type { Log } from '../http/index.js';
import type { Closing } from './closing.js';

/** Known failures are one sentence; an unknown one is a bug, and shows where. */
export function describeFailure(error: unknown): string {
  if (error instanceof StartError) return error.message;
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Something went wrong that Signalpost does not know:\n${cause}`;
}

/** Ends the process with exit code 1 and the reason. */
export function fail(error: unknown): never {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
}

/** Runs `work`; what it opened is closed when it fails. Where a signal is closing already, the failure is only its echo. */
export async function closingOnFailure(
  log: Log,
  closing: Closing,
  work: (closing: Closing) => Promise<void>,
): Promise<void> {
  try {
    await work(closing);
  } catch (error) {
    if (closing.hasBegun) return;
    await closing.run(log);
    throw error;
  }
}
