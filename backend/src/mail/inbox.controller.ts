import { Controller, Delete, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import {
  idSchema,
  inboxMessageSchema,
  inboxPageSchema,
  pageQuerySchema,
  type InboxMessage,
  type InboxMessageSummary,
  type Page,
  type PageQuery,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, TENANT_STAFF, type Actor, type Principal } from '../access/index.js';
import { Answers, AnswersNothing, ProblemError } from '../http/index.js';
import { Inbox } from './inbox/inbox.js';

/** What the sandbox mail server of who asks received. */
@Controller('api/inbox/messages')
@Access('system-administrator', ...TENANT_STAFF)
export class InboxController {
  constructor(@Inject(Inbox) private readonly inbox: Inbox) {}

  @Get()
  @Answers(inboxPageSchema)
  listInboxMessages(
    @Query({ schema: pageQuerySchema }) query: PageQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<Page<InboxMessageSummary>> {
    return this.inbox.list(tenantId, query);
  }

  @Get(':id')
  @Answers(inboxMessageSchema)
  async getInboxMessage(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<InboxMessage> {
    return found(await this.inbox.read(tenantId, id));
  }

  /** As it came; text/plain, so that no browser runs what is in it. */
  @Get(':id/source')
  @ApiProduces('text/plain')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  async getInboxMessageSource(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<string> {
    return found(await this.inbox.source(tenantId, id)).toString('utf8');
  }

  @Delete(':id')
  @Access('system-administrator', 'tenant-administrator')
  @AnswersNothing()
  async deleteInboxMessage(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    if (!(await this.inbox.remove(tenantId, id, actor))) throw new ProblemError('not-found');
  }

  @Delete()
  @Access('system-administrator', 'tenant-administrator')
  @AnswersNothing()
  clearInbox(@CurrentPrincipal() { tenantId }: Principal, @CurrentActor() actor: Actor): Promise<void> {
    return this.inbox.clear(tenantId, actor);
  }
}

function found<T>(value: T | null): T {
  if (value === null) throw new ProblemError('not-found');
  return value;
}
