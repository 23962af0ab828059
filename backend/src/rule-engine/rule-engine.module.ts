import {
  type BeforeApplicationShutdown,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';

import { type Clock, CLOCK, Database, Instance } from '../db/index.js';
import { CoalescedEvents, EventBus } from '../http/events/index.js';
import { LOG, type Log } from '../http/index.js';
import { Metrics, Readiness } from '../http/ops/index.js';
import { MailModule, Outbox } from '../mail/index.js';
import {
  DeadLetters,
  forgetQueuedMessages,
  type PgQueue,
  QUEUE,
  QueueClaims,
  Recovery,
  Settlement,
  StraightWay,
  WakeUp,
} from '../queue/index.js';
import { ScriptingModule, ScriptPool } from '../scripting/index.js';
import { TenantRemoval, TenantsModule } from '../tenants/index.js';
import { BatchRunner } from './batch-runner.js';
import { ChainCache, PUBLISHED_CHAINS } from './chain-source.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { debugCounter, DebugEventsController, DebugTrail, forgetDebugEvents } from './debug/index.js';
import { OriginatorsUnderWay } from './originators-under-way.js';
import { RuleEngine } from './rule-engine.js';
import { StraightRuns } from './straight-runs.js';

/** Without an answered look into the queue for so long the engine counts as not working, in milliseconds. */
const STALE_AFTER_MS = 15_000;

@Module({
  imports: [MailModule, ScriptingModule, TenantsModule],
  controllers: [DeadLettersController, DebugEventsController],
  providers: [
    OriginatorsUnderWay,
    {
      provide: StraightRuns,
      useFactory: (runner: BatchRunner, underWay: OriginatorsUnderWay, clock: Clock, instance: Instance) =>
        new StraightRuns(runner, underWay, clock, instance.followsCrash),
      inject: [BatchRunner, OriginatorsUnderWay, CLOCK, Instance],
    },
    {
      provide: QueueClaims,
      useFactory: (db: Database, instance: Instance) => new QueueClaims(db, instance, PUBLISHED_CHAINS),
      inject: [Database, Instance],
    },
    {
      provide: Settlement,
      useFactory: (letters: DeadLetters, wakeUp: WakeUp, claims: QueueClaims) =>
        new Settlement(letters, wakeUp, claims),
      inject: [DeadLetters, WakeUp, QueueClaims],
    },
    {
      provide: BatchRunner,
      useFactory: (
        database: Database,
        queue: PgQueue,
        settlement: Settlement,
        scripts: ScriptPool,
        bus: EventBus,
        outbox: Outbox,
        debug: DebugTrail,
        clock: Clock,
        log: Log,
        underWay: OriginatorsUnderWay,
      ) =>
        new BatchRunner({
          database,
          queue,
          settlement,
          scripts,
          outbox,
          debug,
          clock,
          log,
          underWay,
          chains: new ChainCache(),
          alarmEvents: new CoalescedEvents(bus, 'alarms'),
          deviceEvents: new CoalescedEvents(bus, 'devices'),
        }),
      inject: [Database, QUEUE, Settlement, ScriptPool, EventBus, Outbox, DebugTrail, CLOCK, LOG, OriginatorsUnderWay],
    },
    {
      provide: DebugTrail,
      useFactory: (database: Database, clock: Clock, bus: EventBus, metrics: Metrics, log: Log) =>
        new DebugTrail(database, clock, new CoalescedEvents(bus, 'rule-chain-debug'), debugCounter(metrics), log),
      inject: [Database, CLOCK, EventBus, Metrics, LOG],
    },
    {
      provide: RuleEngine,
      useFactory: (claims: QueueClaims, runner: BatchRunner, recovery: Recovery, wakeUp: WakeUp, log: Log) =>
        new RuleEngine(claims, runner, recovery, wakeUp, log),
      inject: [QueueClaims, BatchRunner, Recovery, WakeUp, LOG],
    },
  ],
})
export class RuleEngineModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(RuleEngine) private readonly engine: RuleEngine,
    @Inject(DebugTrail) private readonly debug: DebugTrail,
    @Inject(StraightRuns) private readonly straight: StraightRuns,
    @Inject(StraightWay) private readonly way: StraightWay,
    @Inject(OriginatorsUnderWay) private readonly underWay: OriginatorsUnderWay,
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(TenantRemoval) private readonly tenants: TenantRemoval,
  ) {}

  onModuleInit(): void {
    this.tenants.add(forgetQueuedMessages);
    this.tenants.addLeftovers(forgetDebugEvents);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.engine.start();
    this.way.open(this.straight);
    this.readiness.add('rule-engine', () =>
      Date.now() - this.engine.lastLook > STALE_AFTER_MS ? 'has not reached its queue' : undefined,
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.way.close();
    await this.underWay.straightEnded();
    await this.engine.stop();
    await this.debug.settled();
  }
}
