import { Controller, Get, Inject, Query } from '@nestjs/common';
import { pageQuerySchema, userPageSchema, type Page, type PageQuery, type User } from '@signalpost/contracts';

import { Access, CurrentPrincipal, TENANT_STAFF, type Principal } from '../access/index.js';
import { Answers } from '../http/index.js';
import { Users } from './users.js';

@Controller('api/users')
@Access('system-administrator', ...TENANT_STAFF)
export class UsersController {
  constructor(@Inject(Users) private readonly users: Users) {}

  /** The users of the caller's own scope: the system's, or the tenant's. */
  @Get()
  @Answers(userPageSchema)
  listUsers(
    @Query({ schema: pageQuerySchema }) query: PageQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<Page<User>> {
    return this.users.list(tenantId, query);
  }
}
