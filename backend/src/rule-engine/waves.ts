import type { RunningEntry } from '../queue/index.js';

/**
 * Cuts a batch into waves: a wave has at most one message of an originator, and waves run one after the other. So the
 * messages of an originator run in their order, and those of different originators together.
 */
export function wavesOf<Entry extends RunningEntry>(entries: readonly Entry[]): Entry[][] {
  const waves: Entry[][] = [];
  const seen = new Map<string, number>();
  for (const entry of entries) {
    const originator = `${entry.tenantId} ${entry.message.originator.id}`;
    const wave = seen.get(originator) ?? 0;
    seen.set(originator, wave + 1);
    (waves[wave] ??= []).push(entry);
  }
  return waves;
}
