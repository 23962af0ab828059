import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

import { median, nowMs } from './statistics.ts';

/** One line that says on what the figures were taken. */
export function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  return `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? '?'}), ${memory} GiB, Node ${process.versions.node}, fdatasync ${syncMicroseconds()} µs, load ${load}`;
}

/** What one durable commit costs on this disk at least. */
function syncMicroseconds(): number {
  const path = join(tmpdir(), `signalpost-bench-sync-${process.pid}`);
  const file = openSync(path, 'w');
  const times = Array.from({ length: 50 }, () => {
    const at = nowMs();
    writeSync(file, 'x'.repeat(8_192));
    fdatasyncSync(file);
    return nowMs() - at;
  });
  closeSync(file);
  rmSync(path);
  return Math.round(median(times) * 1_000);
}
