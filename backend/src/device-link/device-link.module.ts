import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import { Database } from '../db/index.js';
import { LOG, type Log } from '../http/index.js';
import { DeviceLink } from './device-link.js';

@Module({
  providers: [
    { provide: DeviceLink, useFactory: (db: Database, log: Log) => new DeviceLink(db, log), inject: [Database, LOG] },
  ],
  exports: [DeviceLink],
})
export class DeviceLinkModule implements OnModuleInit, OnModuleDestroy {
  constructor(@Inject(DeviceLink) private readonly link: DeviceLink) {}

  onModuleInit(): Promise<void> {
    return this.link.start();
  }

  onModuleDestroy(): void {
    this.link.stop();
  }
}
