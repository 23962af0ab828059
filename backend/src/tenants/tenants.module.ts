import { Module } from '@nestjs/common';

import { TenantRemoval } from './tenant-removal.js';
import { TenantSweep } from './tenant-sweep.js';
import { TenantsController } from './tenants.controller.js';
import { Tenants } from './tenants.js';

@Module({
  controllers: [TenantsController],
  providers: [Tenants, TenantRemoval, TenantSweep],
  exports: [Tenants, TenantRemoval],
})
export class TenantsModule {}
