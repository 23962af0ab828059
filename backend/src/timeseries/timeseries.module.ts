import { Module } from '@nestjs/common';

import { Database } from '../db/index.js';
import { DeviceValuesController } from './device-values.controller.js';
import { DeviceValues } from './device-values.js';

@Module({
  controllers: [DeviceValuesController],
  providers: [{ provide: DeviceValues, useFactory: (db: Database) => new DeviceValues(db), inject: [Database] }],
})
export class TimeseriesModule {}
