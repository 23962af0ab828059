import { Controller, Get, Inject, Query } from '@nestjs/common';
import { pageQuerySchema, tenantPageSchema, type Page, type PageQuery, type Tenant } from '@signalpost/contracts';

import { Access } from '../access/index.js';
import { Answers } from '../http/index.js';
import { Tenants } from './tenants.js';

@Controller('api/tenants')
@Access('system-administrator')
export class TenantsController {
  constructor(@Inject(Tenants) private readonly tenants: Tenants) {}

  @Get()
  @Answers(tenantPageSchema)
  listTenants(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Tenant>> {
    return this.tenants.list(query);
  }
}
