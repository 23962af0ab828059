import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  customerPageSchema,
  customerQuerySchema,
  customerSchema,
  idSchema,
  newCustomerSchema,
  type Customer,
  type CustomerQuery,
  type NewCustomer,
  type Page,
} from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';

import { Access, CurrentActor, CurrentPrincipal, TENANT_ROLES, type Actor, type Principal } from '../access/index.js';
import { Answers, AnswersNothing, IfMatch, tagged, TakesIfMatch } from '../http/index.js';
import { Customers } from './customers.js';

@Controller('api/customers')
@Access('tenant-administrator')
export class CustomersController {
  constructor(@Inject(Customers) private readonly customers: Customers) {}

  @Get()
  @Access(...TENANT_ROLES)
  @Answers(customerPageSchema)
  listCustomers(
    @Query({ schema: customerQuerySchema }) query: CustomerQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<Customer>> {
    return this.customers.list(principal, query);
  }

  @Get(':id')
  @Access(...TENANT_ROLES)
  @Answers(customerSchema)
  async getCustomer(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Customer> {
    return tagged(reply, await this.customers.get(principal, id));
  }

  @Post()
  @Answers(customerSchema, 201)
  async createCustomer(
    @Body({ schema: newCustomerSchema }) customer: NewCustomer,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Customer> {
    return tagged(reply, await this.customers.create(principal, customer, actor));
  }

  /** `If-Match` names the revision that was read. */
  @Put(':id')
  @TakesIfMatch()
  @Answers(customerSchema)
  async changeCustomer(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: newCustomerSchema }) changes: NewCustomer,
    @IfMatch() revision: number,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Customer> {
    return tagged(reply, await this.customers.change(principal, { id, revision }, changes, actor));
  }

  @Delete(':id')
  @AnswersNothing()
  deleteCustomer(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.customers.delete(principal, id, actor);
  }
}
