import { Module } from '@nestjs/common';

import { type Clock, CLOCK, Database } from '../db/index.js';
import { EventBus } from '../http/events/index.js';
import { type Queue, QUEUE } from '../queue/index.js';
import { AlarmsController } from './alarms.controller.js';
import { Alarms } from './alarms.js';

@Module({
  controllers: [AlarmsController],
  providers: [
    {
      provide: Alarms,
      useFactory: (db: Database, queue: Queue, events: EventBus, clock: Clock) => new Alarms(db, queue, events, clock),
      inject: [Database, QUEUE, EventBus, CLOCK],
    },
  ],
})
export class AlarmsModule {}
