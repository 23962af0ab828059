import { Global, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import { Database } from '../../db/index.js';
import { LOG, type Log } from '../log.js';
import { EventBus } from './event-bus.js';
import { EventsController } from './events.controller.js';
import { PostgresEventRelay } from './postgres-relay.js';

@Global()
@Module({
  controllers: [EventsController],
  providers: [
    EventBus,
    {
      provide: PostgresEventRelay,
      useFactory: (database: Database, bus: EventBus, log: Log) => new PostgresEventRelay(database, bus, log),
      inject: [Database, EventBus, LOG],
    },
  ],
  exports: [EventBus],
})
export class EventsModule implements OnModuleInit, OnModuleDestroy {
  constructor(@Inject(PostgresEventRelay) private readonly relay: PostgresEventRelay) {}

  onModuleInit(): Promise<void> {
    return this.relay.start();
  }

  onModuleDestroy(): void {
    this.relay.stop();
  }
}
