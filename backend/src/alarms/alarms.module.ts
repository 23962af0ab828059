import { Inject, Module, type OnModuleInit } from '@nestjs/common';

import { type Clock, CLOCK, Database } from '../db/index.js';
import { DeviceRemoval, DevicesModule } from '../devices/index.js';
import { EventBus } from '../http/events/index.js';
import { type Queue, QUEUE } from '../queue/index.js';
import { AlarmCommentsController } from './alarm-comments.controller.js';
import { AlarmComments } from './alarm-comments.js';
import { AlarmMutesController } from './alarm-mutes.controller.js';
import { AlarmMutes } from './alarm-mutes.js';
import { AlarmsController } from './alarms.controller.js';
import { Alarms } from './alarms.js';
import { forgetDevice } from './forget-device.js';

@Module({
  imports: [DevicesModule],
  controllers: [AlarmsController, AlarmMutesController, AlarmCommentsController],
  providers: [
    {
      provide: Alarms,
      useFactory: (db: Database, queue: Queue, events: EventBus, clock: Clock) => new Alarms(db, queue, events, clock),
      inject: [Database, QUEUE, EventBus, CLOCK],
    },
    {
      provide: AlarmMutes,
      useFactory: (db: Database, events: EventBus, clock: Clock) => new AlarmMutes(db, events, clock),
      inject: [Database, EventBus, CLOCK],
    },
    {
      provide: AlarmComments,
      useFactory: (db: Database, events: EventBus) => new AlarmComments(db, events),
      inject: [Database, EventBus],
    },
  ],
  exports: [AlarmMutes],
})
export class AlarmsModule implements OnModuleInit {
  constructor(@Inject(DeviceRemoval) private readonly removal: DeviceRemoval) {}

  onModuleInit(): void {
    this.removal.add(forgetDevice);
  }
}
