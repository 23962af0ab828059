import { Global, Module } from '@nestjs/common';

import { Database, Instance } from '../db/index.js';
import { QueueClaims } from './claim.js';
import { DeadLetters } from './dead-letters.js';
import { PgQueue } from './pg-queue.js';
import { type Queue, QUEUE } from './queue-types.js';
import { Recovery } from './recovery.js';
import { Settlement } from './settle.js';
import { WakeUp } from './wake-up.js';

@Global()
@Module({
  providers: [
    WakeUp,
    { provide: QUEUE, useFactory: (wakeUp: WakeUp) => new PgQueue(wakeUp), inject: [WakeUp] },
    { provide: DeadLetters, useFactory: (queue: Queue) => new DeadLetters(queue), inject: [QUEUE] },
    {
      provide: QueueClaims,
      useFactory: (db: Database, instance: Instance) => new QueueClaims(db, instance),
      inject: [Database, Instance],
    },
    {
      provide: Settlement,
      useFactory: (letters: DeadLetters, wakeUp: WakeUp) => new Settlement(letters, wakeUp),
      inject: [DeadLetters, WakeUp],
    },
    {
      provide: Recovery,
      useFactory: (db: Database, instance: Instance, letters: DeadLetters, wakeUp: WakeUp) =>
        new Recovery(db, instance, letters, wakeUp),
      inject: [Database, Instance, DeadLetters, WakeUp],
    },
  ],
  exports: [WakeUp, QUEUE, DeadLetters, QueueClaims, Settlement, Recovery],
})
export class QueueModule {}
