import { Inject, Module, type OnModuleInit } from '@nestjs/common';

import { Database } from '../db/index.js';
import { DeviceRemoval, DevicesModule } from '../devices/index.js';
import { DeviceValuesController } from './device-values.controller.js';
import { DeviceValues } from './device-values.js';
import { forgetDevice } from './forget-device.js';

@Module({
  imports: [DevicesModule],
  controllers: [DeviceValuesController],
  providers: [{ provide: DeviceValues, useFactory: (db: Database) => new DeviceValues(db), inject: [Database] }],
})
export class TimeseriesModule implements OnModuleInit {
  constructor(@Inject(DeviceRemoval) private readonly removal: DeviceRemoval) {}

  onModuleInit(): void {
    this.removal.add(forgetDevice);
  }
}
