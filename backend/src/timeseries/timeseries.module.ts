import { Inject, Module, type OnModuleInit } from '@nestjs/common';

import { type Clock, CLOCK, Database } from '../db/index.js';
import { CustomerRemoval, DeviceRemoval, DevicesModule } from '../devices/index.js';
import { type Queue, QUEUE } from '../queue/index.js';
import { TenantRemoval, TenantsModule } from '../tenants/index.js';
import { AttributeEdits } from './attribute-edits.js';
import { AttributeNews } from './attribute-news.js';
import { DeviceValuesController } from './device-values.controller.js';
import { DeviceValues } from './device-values.js';
import { forgetEntity } from './forget-entity.js';
import { forgetTelemetry } from './forget-tenant.js';

@Module({
  imports: [DevicesModule, TenantsModule],
  controllers: [DeviceValuesController],
  providers: [
    AttributeNews,
    { provide: DeviceValues, useFactory: (db: Database) => new DeviceValues(db), inject: [Database] },
    {
      provide: AttributeEdits,
      useFactory: (db: Database, clock: Clock, queue: Queue, news: AttributeNews) =>
        new AttributeEdits(db, clock, queue, news),
      inject: [Database, CLOCK, QUEUE, AttributeNews],
    },
  ],
  exports: [AttributeNews],
})
export class TimeseriesModule implements OnModuleInit {
  constructor(
    @Inject(DeviceRemoval) private readonly devices: DeviceRemoval,
    @Inject(CustomerRemoval) private readonly customers: CustomerRemoval,
    @Inject(TenantRemoval) private readonly tenants: TenantRemoval,
  ) {}

  onModuleInit(): void {
    this.devices.add(forgetEntity);
    this.customers.add(forgetEntity);
    this.tenants.addLeftovers(forgetTelemetry);
  }
}
