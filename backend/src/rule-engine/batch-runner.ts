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
  type Next,
  park,
  type Parked,
  type PgQueue,
  type QueueEntry,
  type RunningEntry,
  type Settlement,
  SLOW_PARTITION,
  unpark,
  type Verdict,
} from '../queue/index.js';
import type { ScriptPool } from '../scripting/index.js';
import { attributesUpdated } from '../timeseries/index.js';
import type { ChainCache } from './chain-source.js';
import { BatchTrail, type DebuggedNodes, type DebugTrail } from './debug/index.js';
import type { OriginatorsUnderWay } from './originators-under-way.js';
import { BatchPorts, type PortDependencies } from './ports/batch-ports.js';
import { mainLane, SlowLane } from './ports/script-lanes.js';
import { wavesOf } from './waves.js';

export interface BatchRunnerDependencies extends PortDependencies {
  readonly database: Database;
  readonly chains: ChainCache;
  readonly queue: Pick<PgQueue, 'enqueue' | 'enqueueLast'>;
  readonly settlement: Settlement;
  readonly scripts: ScriptPool;
  readonly debug: Pick<DebugTrail, 'admit' | 'release' | 'write'>;
  readonly underWay: OriginatorsUnderWay;
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
  /** All have run, and what they do is about to be written; throws to roll back. */
  readonly beforeEffects: (ran: Ran) => void;
  /** As `RunnerHost` has it. */
  readonly handsOver?: boolean;
}

/** What became of entries before their effects are written. */
export interface Ran {
  readonly verdicts: readonly Verdict<RunningEntry>[];
  /** Those that are done with, and did nothing that would be undone by a rollback. */
  readonly ended: ReadonlySet<RunningEntry>;
}

/** What is run in one transaction. */
type Work<Entry extends RunningEntry> = Pick<Batch, 'alongside'> & { readonly entries: readonly Entry[] };

type ParkingVerdict<Entry extends RunningEntry> = Verdict<Entry> & { readonly parked: readonly Parked[] };

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
    const isSlow = batch.claims.some(({ partition }) => partition === SLOW_PARTITION);
    const way = this.#mainWay(() => undefined);
    return this.using.underWay.after(batch.entries, () =>
      isSlow ? this.#runSlowly(batch) : this.#runOnce(batch, way, next),
    );
  }

  /**
   * Runs what is not in the queue, and commits what it did.
   * @param beforeEffects throws to roll back: then what has not ended must be queued
   */
  runStraight(work: Work<RunningEntry>, beforeEffects: Way['beforeEffects']): Promise<void> {
    return this.#straight(beforeEffects, (uow, way, trail) => this.#effects(uow, work, way, trail));
  }

  /**
   * Runs what is not in the queue as far as it needs nothing but scripts; what needs more is queued at that place.
   * @param beforeQueued throws to queue nothing: then what has not ended must be queued from its beginning
   */
  runAhead(work: Work<RunningEntry>, beforeQueued: Way['beforeEffects']): Promise<void> {
    return this.#straight(beforeQueued, async (uow, way, trail) => {
      const { verdicts, ended, handed } = await this.#runWaves(uow, work, { ...way, handsOver: true }, trail);
      way.beforeEffects({ verdicts, ended });
      this.#tellPages(uow, work);
      await this.using.queue.enqueueLast(uow, handed);
    });
  }

  async #straight(
    beforeEffects: Way['beforeEffects'],
    run: (uow: UnitOfWork, way: Way, trail: BatchTrail) => Promise<unknown>,
  ): Promise<void> {
    const trail = new BatchTrail(this.using.debug, this.using.clock.now());
    const way = this.#mainWay((ran) => {
      trail.end(true, ran.ended);
      beforeEffects(ran);
    });
    try {
      await this.using.database.lazyTransaction((uow) => run(uow, way, trail));
      trail.end(true);
    } catch (error) {
      trail.forget(); // the rest is told when it runs from the queue
      throw error;
    }
  }

  #mainWay(beforeEffects: Way['beforeEffects']): Way {
    const { scripts, clock } = this.using;
    return { scriptsOf: (tenantId) => mainLane(scripts, tenantId), clock, beforeEffects };
  }

  async #runSlowly(batch: Batch): Promise<Batch | null> {
    const lane = new SlowLane(this.using.scripts);
    const now = this.using.clock.now(); // one time for all tries, or a script would be asked anew for each
    for (let tries = 0; tries < MOST_SLOW_TRIES; tries += 1) {
      try {
        const way: Way = {
          scriptsOf: (tenantId) => lane.port(tenantId),
          clock: { now: () => now },
          beforeEffects: () => rollBackIf(lane.hasAsked),
        };
        return await this.#runOnce(batch, way, () => Promise.resolve(null));
      } catch (error) {
        if (!(error instanceof ScriptAsked)) throw error;
        await lane.runAsked();
      }
    }
    throw new Error(`A message asked for more than ${MOST_SLOW_TRIES} slow scripts in one run.`);
  }

  async #runOnce(batch: Batch, way: Way, next: NextOf): Promise<Batch | null> {
    const trail = new BatchTrail(this.using.debug, way.clock.now());
    try {
      const taken = await this.#commit(batch, way, next, trail);
      trail.end(true);
      return taken;
    } catch (error) {
      if (error instanceof ScriptAsked) trail.forget();
      else trail.end(false);
      throw error;
    }
  }

  #commit(batch: Batch, way: Way, next: NextOf, trail: BatchTrail): Promise<Batch | null> {
    return this.using.database.lazyTransaction(async (uow) => {
      const verdicts = await this.#effects(uow, batch, way, trail);
      const from = await next(!uow.hasBegun && verdicts.length === 0);
      return this.using.settlement.settle(uow, batch, verdicts, from);
    });
  }

  /** Everything but what becomes of the queue. */
  async #effects<Entry extends RunningEntry>(uow: UnitOfWork, work: Work<Entry>, way: Way, trail: BatchTrail) {
    const { verdicts, ended, ports } = await this.#runWaves(uow, work, way, trail);
    way.beforeEffects({ verdicts, ended });
    await ports.flush();
    await tellDevices(uow, ports.attributes.forDevices);
    await park(
      uow,
      verdicts.flatMap((verdict) => verdict.parked),
    );
    await this.#tellOfAlarms(uow, ports.alarms.changes);
    await this.using.queue.enqueue(uow, ports.attributes.announcements.map(attributesUpdated));
    this.#tellPages(uow, work);
    return verdicts;
  }

  #tellPages(uow: UnitOfWork, { entries }: Work<RunningEntry>): void {
    const tenantIds = new Set(entries.map((entry) => entry.tenantId));
    uow.afterCommit(() => tenantIds.forEach((tenantId) => this.using.deviceEvents.changed(tenantId)));
  }

  async #runWaves<Entry extends RunningEntry>(
    uow: UnitOfWork,
    { entries, alongside }: Work<Entry>,
    { scriptsOf, clock, handsOver = false }: Way,
    trail: BatchTrail,
  ) {
    const chains = this.using.chains.open(this.using.database, alongside);
    const resumed = await unpark(uow, entries);
    const ports = new BatchPorts(uow, scriptsOf, { ...this.using, clock });
    const host: RunnerHost = {
      handsOver,
      rootChain: (tenantId): Promise<CompiledChainHandle | null> => chains.rootChain(tenantId),
      chain: (tenantId, chainId, version) => chains.chain(tenantId, chainId, version),
      ports: (scope) => ports.bind(scope),
    };
    const verdicts: ParkingVerdict<Entry>[] = [];
    const ended = new Set<Entry>();
    const handed: QueueEntry[] = [];
    for (const wave of wavesOf(entries)) {
      const reports = await runWave(
        wave.map((entry) => toRun(entry, resumed)),
        chains.debugged.size === 0 ? host : { ...host, ...recording(trail, chains.debugged, wave) },
      );
      for (const [index, entry] of wave.entries()) {
        const report = reports[index];
        if (report === undefined) throw new Error('The runner gave no report for a message.');
        const found = verdictsOf(entry, report, chains.debugged.size > 0);
        verdicts.push(...found);
        if (report.handed.length > 0) handed.push({ ...entry, starts: report.handed });
        else if (found.length === 0 && !report.wrote) ended.add(entry);
      }
    }
    return { verdicts, ended, handed, ports };
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
  wave: readonly RunningEntry[],
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

function toRun(entry: RunningEntry, resumed: ReadonlyMap<RunningEntry, Continuation>): RunEntry {
  const { tenantId, message } = entry;
  if (entry.resume === undefined) return { tenantId, message, starts: entry.starts?.length ? entry.starts : null };
  const continuation = resumed.get(entry);
  return { tenantId, message, starts: continuation === undefined ? [] : [continuation] };
}

/**
 * None when the message ran to its end and left nothing behind.
 * @param looked somebody looks into chains: answers that lead nowhere are seen there, too
 */
function verdictsOf<Entry extends RunningEntry>(
  entry: Entry,
  report: RunReport,
  looked: boolean,
): ParkingVerdict<Entry>[] {
  const { parked, slow, retry, dead } = report;
  if (parked.length + slow.length + retry.length + dead.length === 0) return [];
  const [firstRetry] = retry;
  return [
    {
      entry,
      parked: parked.map((one) => ({
        ...one,
        tenantId: entry.tenantId,
        follows: looked ? null : one.follows,
      })),
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
