import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  idSchema,
  newTenantSchema,
  tenantDeletionSchema,
  tenantFormSchema,
  tenantLimitsSchema,
  tenantPageSchema,
  tenantQuerySchema,
  tenantSchema,
  type NewTenant,
  type Page,
  type Tenant,
  type TenantForm,
  type TenantQuery,
} from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { Access, CurrentActor, type Actor } from '../access/index.js';
import { Answers, AnswersNothing, IfMatch, tagged, TakesIfMatch } from '../http/index.js';
import { Tenants } from './tenants.js';

const FORM: TenantForm = { limits: z.toJSONSchema(tenantLimitsSchema, { io: 'input' }) };

@Controller('api/tenants')
@Access('system-administrator')
export class TenantsController {
  constructor(@Inject(Tenants) private readonly tenants: Tenants) {}

  @Get()
  @Answers(tenantPageSchema)
  listTenants(@Query({ schema: tenantQuerySchema }) query: TenantQuery): Promise<Page<Tenant>> {
    return this.tenants.list(query);
  }

  @Get('form')
  @Answers(tenantFormSchema)
  getTenantForm(): TenantForm {
    return FORM;
  }

  @Get(':id')
  @Answers(tenantSchema)
  async getTenant(
    @Param('id', { schema: idSchema }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tenant> {
    return tagged(reply, await this.tenants.get(id));
  }

  @Post()
  @Answers(tenantSchema, 201)
  async createTenant(
    @Body({ schema: newTenantSchema }) tenant: NewTenant,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tenant> {
    return tagged(reply, await this.tenants.create(tenant, actor));
  }

  /** `If-Match` names the revision that was read. */
  @Put(':id')
  @TakesIfMatch()
  @Answers(tenantSchema)
  async changeTenant(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: newTenantSchema }) changes: NewTenant,
    @IfMatch() revision: number,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tenant> {
    return tagged(reply, await this.tenants.change({ id, revision }, changes, actor));
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
