import { Module } from '@nestjs/common';

import { TenantRemoval } from './tenant-removal.js';
import { TenantsController } from './tenants.controller.js';
import { Tenants } from './tenants.js';

@Module({ controllers: [TenantsController], providers: [Tenants, TenantRemoval], exports: [Tenants, TenantRemoval] })
export class TenantsModule {}
