import { Global, Module } from '@nestjs/common';

import { Database, Instance, Peers } from '../db/index.js';
import { CoalescedEvents, EventBus } from '../http/events/index.js';
import { DeadLetters } from './dead-letters.js';
import { PgQueue } from './pg-queue.js';
import { type Queue, QUEUE } from './queue-types.js';
import { Recovery } from './recovery.js';
import { StraightWay } from './straight-way.js';
import { WakeUp } from './wake-up.js';

@Global()
@Module({
  providers: [
    StraightWay,
    { provide: WakeUp, useFactory: (peers: Peers) => new WakeUp(peers), inject: [Peers] },
    { provide: QUEUE, useFactory: (wakeUp: WakeUp) => new PgQueue(wakeUp), inject: [WakeUp] },
    {
      provide: DeadLetters,
      useFactory: (queue: Queue, bus: EventBus) => new DeadLetters(queue, new CoalescedEvents(bus, 'dead-letters')),
      inject: [QUEUE, EventBus],
    },
    {
      provide: Recovery,
      useFactory: (db: Database, instance: Instance, letters: DeadLetters, wakeUp: WakeUp) =>
        new Recovery(db, instance, letters, wakeUp),
      inject: [Database, Instance, DeadLetters, WakeUp],
    },
  ],
  exports: [StraightWay, WakeUp, QUEUE, DeadLetters, Recovery],
})
export class QueueModule {}
