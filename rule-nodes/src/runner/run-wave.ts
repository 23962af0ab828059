/** Runs messages through chains in lock-step: what waits at the same node is handed to it in one call. */
import { AT_ROOT } from './continuations.js';
import type { Continuation, RunEntry, RunnerHost, RunReport } from './run-types.js';
import { Wave } from './wave.js';

/**
 * Runs all entries to their end, park, slow lane or failure; reports stand in the order of the entries. At most one entry
 * of an originator should be in a wave, or the order of its messages is lost.
 *
 * @throws what the host or one of its ports throws; then nothing of the wave counts
 */
export async function runWave(entries: readonly RunEntry[], host: RunnerHost): Promise<readonly RunReport[]> {
  const wave = new Wave(entries, host);
  for (const [index, entry] of entries.entries()) {
    if (entry.starts === null) await wave.enterRoot(index, entry.message);
    else for (const start of entry.starts) await begin(wave, index, start);
  }
  await wave.run();
  return wave.reports;
}

async function begin(wave: Wave, index: number, start: Continuation): Promise<void> {
  if (start.nodeId === AT_ROOT.nodeId) return wave.enterRoot(index, start.message);
  return wave.goOnWith(index, start);
}
