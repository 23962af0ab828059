import type { ScriptCall, ScriptPort, ScriptResult } from '@signalpost/rule-nodes/runtime';

import type { ScriptPool } from '../../scripting/index.js';

/**
 * How long a script may compute while a batch's transaction is open. Scripts of rule chains take microseconds; what takes
 * longer goes to the slow lane, so that no other message waits for it.
 */
const SOFT_LIMIT_MS = 50;
/** How long a script may compute at all; ThingsBoard allows 500 ms for TBEL and a few seconds for JavaScript. */
const HARD_LIMIT_MS = 1000;

/** The lane of all messages: a script over the soft limit answers `slow`. */
export function mainLane(pool: ScriptPool, tenantId: string): ScriptPort {
  return {
    run: (calls) => pool.run(tenantId, calls, { softMs: SOFT_LIMIT_MS, hardMs: HARD_LIMIT_MS, onSoftLimit: 'slow' }),
  };
}

/**
 * The slow lane: scripts run between two tries of the transaction, never inside it. The first try finds out which script
 * is asked for and is rolled back; the script runs; the next try is given the remembered result.
 */
export class SlowLane {
  readonly #results = new Map<string, ScriptResult>();
  #asked: { tenantId: string; call: ScriptCall }[] = [];

  constructor(private readonly pool: ScriptPool) {}

  port(tenantId: string): ScriptPort {
    return { run: (calls) => Promise.resolve(calls.map((call) => this.#recall(tenantId, call))) };
  }

  /** Whether the last try asked for a script that has not run yet. */
  get hasAsked(): boolean {
    return this.#asked.length > 0;
  }

  /** Runs what the last try asked for; outside of any transaction. */
  async runAsked(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    for (const { tenantId, call } of asked) {
      const limits = { softMs: HARD_LIMIT_MS, hardMs: HARD_LIMIT_MS, onSoftLimit: 'fail' } as const;
      const [result] = await this.pool.run(tenantId, [call], limits);
      if (result !== undefined) this.#results.set(keyOf(tenantId, call), result);
    }
  }

  #recall(tenantId: string, call: ScriptCall): ScriptResult {
    const known = this.#results.get(keyOf(tenantId, call));
    if (known !== undefined) return known;
    this.#asked.push({ tenantId, call });
    return { ok: 'slow' };
  }
}

function keyOf(tenantId: string, call: ScriptCall): string {
  return JSON.stringify([tenantId, call]);
}
