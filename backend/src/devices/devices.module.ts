import { Module } from '@nestjs/common';

import { CustomersController } from './customers.controller.js';
import { Customers } from './customers.js';
import { CustomerRemoval, DeviceRemoval } from './device-removal.js';
import { DevicesController } from './devices.controller.js';
import { Devices } from './devices.js';

@Module({
  controllers: [DevicesController, CustomersController],
  providers: [Devices, Customers, CustomerRemoval, DeviceRemoval],
  exports: [Devices, Customers, CustomerRemoval, DeviceRemoval],
})
export class DevicesModule {}
