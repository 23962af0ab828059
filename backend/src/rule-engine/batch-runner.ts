import {
  AT_ROOT,
  type CompiledChainHandle,
  type Continuation,
  type RunEntry,
  type RunnerHost,
  type RunReport,
  runWave,
  type ScriptPort,
} from '@signalpost/rule-nodes/runtime';

import { alarmEvent, type AlarmChange } from '../alarms/index.js';
import type { Clock, Database, UnitOfWork } from '../db/index.js';
import { tellDevices } from '../device-link/index.js';
import type { CoalescedEvents } from '../http/events/index.js';
import {
  type Batch,
  type ClaimedEntry,
  type Next,
  type Queue,
  type Settlement,
  SLOW_PARTITION,
  type Verdict,
} from '../queue/index.js';
import type { ScriptPool } from '../scripting/index.js';
import { attributesUpdated } from '../timeseries/index.js';
import type { ChainCache } from './chain-source.js';
import { BatchTrail, type DebuggedNodes, type DebugTrail } from './debug/index.js';
import { park, type Parked, unpark } from './parked-messages.js';
import { BatchPorts, type PortDependencies } from './ports/batch-ports.js';
import { mainLane, SlowLane } from './ports/script-lanes.js';
import { wavesOf } from './waves.js';

export interface BatchRunnerDependencies extends PortDependencies {
  readonly database: Database;
  readonly chains: ChainCache;
  readonly queue: Queue;
  readonly settlement: Settlement;
  readonly scripts: ScriptPool;
  readonly debug: Pick<DebugTrail, 'admit' | 'release' | 'write'>;
  /** Tells pages of alarms that changed, and of devices that told something. */
  readonly alarmEvents: Pick<CoalescedEvents, 'changed'>;
  readonly deviceEvents: Pick<CoalescedEvents, 'changed'>;
}

type ScriptsOf = (tenantId: string) => ScriptPort;

/** Where to take the next batch from. @param mayWait nothing of this batch waits to be committed */
type NextOf = (mayWait: boolean) => Promise<Next | null>;

/** How a batch is run. */
interface Way {
  readonly scriptsOf: ScriptsOf;
  readonly clock: Clock;
  readonly next: NextOf;
  /** Throws to roll back. */
  readonly beforeEffects: () => void;
}

/** Ends a try of the slow lane: its effects are rolled back, the script that it asked for runs, and it is tried again. */
class ScriptAsked extends Error {}

/** Scripts that one message may need one after the other in the slow lane. */
const MOST_SLOW_TRIES = 50;

/** Runs a claimed batch through the rule chains; effects, outbox rows, produced entries and the acknowledgement commit together. */
export class BatchRunner {
  constructor(private readonly using: BatchRunnerDependencies) {}

  /**
   * @param next asked at the batch's end: where to take the next one from
   * @returns the next batch
   */
  async run(batch: Batch, next: NextOf): Promise<Batch | null> {
    if (batch.claims.some(({ partition }) => partition === SLOW_PARTITION)) return this.#runSlowly(batch);
    const scriptsOf = (tenantId: string) => mainLane(this.using.scripts, tenantId);
    return this.#runOnce(batch, { scriptsOf, clock: this.using.clock, next, beforeEffects: () => undefined });
  }

  async #runSlowly(batch: Batch): Promise<Batch | null> {
    const lane = new SlowLane(this.using.scripts);
    const now = this.using.clock.now(); // one time for all tries, or a script would be asked anew for each
    for (let tries = 0; tries < MOST_SLOW_TRIES; tries += 1) {
      try {
        return await this.#runOnce(batch, {
          scriptsOf: (tenantId) => lane.port(tenantId),
          clock: { now: () => now },
          next: () => Promise.resolve(null),
          beforeEffects: () => rollBackIf(lane.hasAsked),
        });
      } catch (error) {
        if (!(error instanceof ScriptAsked)) throw error;
        await lane.runAsked();
      }
    }
    throw new Error(`A message asked for more than ${MOST_SLOW_TRIES} slow scripts in one run.`);
  }

  async #runOnce(batch: Batch, way: Way): Promise<Batch | null> {
    const trail = new BatchTrail(this.using.debug, way.clock.now());
    try {
      const next = await this.#commit(batch, way, trail);
      trail.end(true);
      return next;
    } catch (error) {
      if (error instanceof ScriptAsked) trail.forget();
      else trail.end(false);
      throw error;
    }
  }

  #commit(batch: Batch, way: Way, trail: BatchTrail): Promise<Batch | null> {
    return this.using.database.lazyTransaction(async (uow) => {
      const run = await this.#runWaves(uow, batch, way, trail);
      way.beforeEffects();
      await run.ports.flush();
      await tellDevices(uow, run.ports.attributes.forDevices);
      await park(
        uow,
        run.verdicts.flatMap((verdict) => verdict.parked),
      );
      await this.#tellOfAlarms(uow, run.ports.alarms.changes);
      await this.using.queue.enqueue(uow, run.ports.attributes.announcements.map(attributesUpdated));
      const tenantIds = new Set(batch.entries.map((entry) => entry.tenantId));
      uow.afterCommit(() => tenantIds.forEach((tenantId) => this.using.deviceEvents.changed(tenantId)));
      const next = await way.next(!uow.hasBegun && run.verdicts.length === 0);
      return this.using.settlement.settle(uow, batch, run.verdicts, next);
    });
  }

  async #runWaves(uow: UnitOfWork, batch: Batch, { scriptsOf, clock }: Way, trail: BatchTrail) {
    const chains = this.using.chains.open(this.using.database, batch.alongside);
    const resumed = await unpark(uow, batch.entries);
    const ports = new BatchPorts(uow, scriptsOf, { ...this.using, clock });
    const host: RunnerHost = {
      rootChain: (tenantId): Promise<CompiledChainHandle | null> => chains.rootChain(tenantId),
      chain: (tenantId, chainId, version) => chains.chain(tenantId, chainId, version),
      ports: (scope) => ports.bind(scope),
    };
    const verdicts: (Verdict & { parked: Parked[] })[] = [];
    for (const wave of wavesOf(batch.entries)) {
      const reports = await runWave(
        wave.map((entry) => toRun(entry, resumed)),
        chains.debugged.size === 0 ? host : { ...host, ...recording(trail, chains.debugged, wave) },
      );
      wave.forEach((entry, index) => verdicts.push(...verdictsOf(entry, reports[index])));
    }
    return { verdicts, ports };
  }

  async #tellOfAlarms(uow: UnitOfWork, changes: readonly AlarmChange[]): Promise<void> {
    const cleared = changes.filter(({ change }) => change === 'cleared');
    await this.using.queue.enqueue(
      uow,
      cleared.map(({ tenantId, alarm }) => alarmEvent(tenantId, alarm, 'ALARM_CLEAR')),
    );
    uow.afterCommit(() => {
      for (const { tenantId } of changes) this.using.alarmEvents.changed(tenantId);
    });
  }
}

function recording(
  trail: BatchTrail,
  nodes: DebuggedNodes,
  wave: readonly ClaimedEntry[],
): Pick<RunnerHost, 'afterNode'> {
  return {
    afterNode: (run) => {
      const entry = wave[run.entry];
      if (entry !== undefined) trail.record(nodes, run, entry);
    },
  };
}

function rollBackIf(asked: boolean): void {
  if (asked) throw new ScriptAsked();
}

function toRun(entry: ClaimedEntry, resumed: ReadonlyMap<ClaimedEntry, Continuation>): RunEntry {
  const { tenantId, message } = entry;
  if (entry.resume === undefined) return { tenantId, message, starts: entry.starts?.length ? entry.starts : null };
  const continuation = resumed.get(entry);
  return { tenantId, message, starts: continuation === undefined ? [] : [continuation] };
}

/** None when the message ran to its end and left nothing behind. */
function verdictsOf(entry: ClaimedEntry, report: RunReport | undefined): (Verdict & { parked: Parked[] })[] {
  if (report === undefined) throw new Error('The runner gave no report for a message.');
  const { parked, slow, retry, dead } = report;
  if (parked.length + slow.length + retry.length + dead.length === 0) return [];
  const [firstRetry] = retry;
  return [
    {
      entry,
      parked: parked.map((one) => ({ ...one, tenantId: entry.tenantId })),
      slow,
      dead: dead.map(({ continuation, failure }) => ({
        starts: isAtRoot(continuation) ? null : [continuation],
        failure,
      })),
      ...(firstRetry === undefined
        ? {}
        : {
            retry: retry.map(({ continuation }) => continuation).filter((one) => !isAtRoot(one)),
            retryFailure: firstRetry.failure,
          }),
    },
  ];
}

/** It never reached a node: it enters anew, whatever chain is the root by then. */
function isAtRoot(continuation: Continuation): boolean {
  return continuation.nodeId === AT_ROOT.nodeId;
}
