import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  idSchema,
  newTenantSchema,
  tenantDeletionSchema,
  tenantPageSchema,
  tenantQuerySchema,
  tenantSchema,
  type NewTenant,
  type Page,
  type Tenant,
  type TenantQuery,
} from '@signalpost/contracts';

import { Access, CurrentActor, type Actor } from '../access/index.js';
import { Answers, AnswersNothing } from '../http/index.js';
import { Tenants } from './tenants.js';

@Controller('api/tenants')
@Access('system-administrator')
export class TenantsController {
  constructor(@Inject(Tenants) private readonly tenants: Tenants) {}

  @Get()
  @Answers(tenantPageSchema)
  listTenants(@Query({ schema: tenantQuerySchema }) query: TenantQuery): Promise<Page<Tenant>> {
    return this.tenants.list(query);
  }

  @Get(':id')
  @Answers(tenantSchema)
  getTenant(@Param('id', { schema: idSchema }) id: string): Promise<Tenant> {
    return this.tenants.get(id);
  }

  @Post()
  @Answers(tenantSchema, 201)
  createTenant(@Body({ schema: newTenantSchema }) tenant: NewTenant, @CurrentActor() actor: Actor): Promise<Tenant> {
    return this.tenants.create(tenant, actor);
  }

  @Put(':id')
  @Answers(tenantSchema)
  changeTenant(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: newTenantSchema }) changes: NewTenant,
    @CurrentActor() actor: Actor,
  ): Promise<Tenant> {
    return this.tenants.change(id, changes, actor);
  }

  /** With everything in it. `confirm` is the tenant's name. */
  @Delete(':id')
  @AnswersNothing()
  deleteTenant(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: tenantDeletionSchema }) { confirm }: { readonly confirm: string },
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.tenants.delete(id, confirm, actor);
  }
}
