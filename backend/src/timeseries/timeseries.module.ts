import { Inject, Module, type OnModuleInit } from '@nestjs/common';

import { Database } from '../db/index.js';
import { CustomerRemoval, DeviceRemoval, DevicesModule } from '../devices/index.js';
import { DeviceValuesController } from './device-values.controller.js';
import { DeviceValues } from './device-values.js';
import { forgetEntity } from './forget-entity.js';

@Module({
  imports: [DevicesModule],
  controllers: [DeviceValuesController],
  providers: [{ provide: DeviceValues, useFactory: (db: Database) => new DeviceValues(db), inject: [Database] }],
})
export class TimeseriesModule implements OnModuleInit {
  constructor(
    @Inject(DeviceRemoval) private readonly devices: DeviceRemoval,
    @Inject(CustomerRemoval) private readonly customers: CustomerRemoval,
  ) {}

  onModuleInit(): void {
    this.devices.add(forgetEntity);
    this.customers.add(forgetEntity);
  }
}
