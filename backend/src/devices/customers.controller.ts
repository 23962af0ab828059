import { Controller, Get, Inject, Query } from '@nestjs/common';
import { customerPageSchema, pageQuerySchema, type Customer, type Page, type PageQuery } from '@signalpost/contracts';

import { Access, CurrentPrincipal, TENANT_ROLES, type Principal } from '../access/index.js';
import { Answers } from '../http/index.js';
import { Customers } from './customers.js';

@Controller('api/customers')
@Access(...TENANT_ROLES)
export class CustomersController {
  constructor(@Inject(Customers) private readonly customers: Customers) {}

  @Get()
  @Answers(customerPageSchema)
  listCustomers(
    @Query({ schema: pageQuerySchema }) query: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<Customer>> {
    return this.customers.list(principal, query);
  }
}
