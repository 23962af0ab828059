import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  idSchema,
  newInvitationSchema,
  shownLinkSchema,
  userChangesSchema,
  userPageSchema,
  userQuerySchema,
  userSchema,
  type NewInvitation,
  type Page,
  type ShownLink,
  type User,
  type UserChanges,
  type UserQuery,
} from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';

import {
  Access,
  CurrentActor,
  CurrentPrincipal,
  TENANT_STAFF,
  type Actor,
  type Principal,
} from '../../access/index.js';
import { Answers, AnswersNothing, IfMatch, tagged, TakesIfMatch } from '../../http/index.js';
import { People } from './people.js';

@Controller('api/users')
@Access('system-administrator', 'tenant-administrator')
export class UsersController {
  constructor(@Inject(People) private readonly people: People) {}

  /** The users of the caller's own scope; for the system administrator, with `tenantId`, a tenant's administrators. */
  @Get()
  @Access('system-administrator', ...TENANT_STAFF)
  @Answers(userPageSchema)
  listUsers(
    @Query({ schema: userQuerySchema }) query: UserQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<User>> {
    return this.people.list(principal, query);
  }

  @Get(':id')
  @Access('system-administrator', ...TENANT_STAFF)
  @Answers(userSchema)
  async getUser(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<User> {
    return tagged(reply, await this.people.get(principal, id));
  }

  @Post()
  @Answers(userSchema, 201)
  async inviteUser(
    @Body({ schema: newInvitationSchema }) invitation: NewInvitation,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<User> {
    return tagged(reply, await this.people.invite({ principal, actor }, invitation));
  }

  /** `If-Match` names the revision that was read. */
  @Put(':id')
  @TakesIfMatch()
  @Answers(userSchema)
  async changeUser(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: userChangesSchema }) changes: UserChanges,
    @IfMatch() revision: number,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<User> {
    return tagged(reply, await this.people.change({ principal, actor }, { id, revision }, changes));
  }

  @Delete(':id')
  @AnswersNothing()
  deleteUser(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.people.delete({ principal, actor }, id);
  }

  /** Sends the invitation again. */
  @Post(':id/invitation')
  @Answers(userSchema)
  inviteUserAgain(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<User> {
    return this.people.inviteAgain({ principal, actor }, id);
  }

  /** Makes a link to hand over without a mail: it activates the account or, once that is done, sets a new password. */
  @Post(':id/link')
  @Answers(shownLinkSchema, 201)
  showUserLink(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<ShownLink> {
    return this.people.showLink({ principal, actor }, id);
  }

  @Post(':id/disable')
  @Answers(userSchema)
  disableUser(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<User> {
    return this.people.setActive({ principal, actor }, id, false);
  }

  @Post(':id/enable')
  @Answers(userSchema)
  enableUser(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<User> {
    return this.people.setActive({ principal, actor }, id, true);
  }

  /** Lifts the lock of too many wrong passwords. */
  @Post(':id/unlock')
  @Answers(userSchema)
  unlockUser(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<User> {
    return this.people.unlock({ principal, actor }, id);
  }
}
