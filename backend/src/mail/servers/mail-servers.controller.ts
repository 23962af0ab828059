import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  idSchema,
  mailServerDeletionSchema,
  mailServerFormSchema,
  mailServerInputSchema,
  mailServerListSchema,
  mailServerSchema,
  mailServerUsageSchema,
  type MailServer,
  type MailServerDeletion,
  type MailServerForm,
  type MailServerInput,
  type MailServerSummary,
  type MailServerUsage,
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
import { Database } from '../../db/index.js';
import { Answers, AnswersNothing, IfMatch, tagged, TakesIfMatch } from '../../http/index.js';
import { MailServerEditing } from './mail-server-editing.js';
import { MailServers } from './mail-servers.js';
import { serverForm } from './server-form.js';
import { ServerRemoval } from './server-removal.js';

/** The mail servers of who asks: of the tenant, or of the system. Secrets go in and never come out. */
@Controller('api/mail')
@Access('system-administrator', 'tenant-administrator')
export class MailServersController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(MailServers) private readonly servers: MailServers,
    @Inject(MailServerEditing) private readonly editing: MailServerEditing,
    @Inject(ServerRemoval) private readonly removal: ServerRemoval,
  ) {}

  @Get('servers')
  @Access('system-administrator', ...TENANT_STAFF)
  @Answers(mailServerListSchema)
  async listMailServers(@CurrentPrincipal() { tenantId }: Principal): Promise<{ items: MailServerSummary[] }> {
    return { items: await this.servers.list(this.db, tenantId) };
  }

  /** What a form for the settings is made of, as JSON Schema with hints beside each field's title. */
  @Get('server-form')
  @Answers(mailServerFormSchema)
  getMailServerForm(@CurrentPrincipal() { tenantId }: Principal): MailServerForm {
    return serverForm(tenantId);
  }

  @Get('servers/:id')
  @Access('system-administrator', ...TENANT_STAFF)
  @Answers(mailServerSchema)
  async getMailServer(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MailServer> {
    return tagged(reply, await this.servers.get(this.db, tenantId, id));
  }

  @Post('servers')
  @Answers(mailServerSchema, 201)
  async createMailServer(
    @Body({ schema: mailServerInputSchema }) input: MailServerInput,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MailServer> {
    return tagged(reply, await this.editing.create(tenantId, input, by));
  }

  /** `If-Match` names the revision that was read. What is kept of secrets is only kept where it already was. */
  @Put('servers/:id')
  @TakesIfMatch()
  @Answers(mailServerSchema)
  async saveMailServer(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: mailServerInputSchema }) input: MailServerInput,
    @IfMatch() revision: number,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MailServer> {
    return tagged(reply, await this.editing.change(tenantId, { id, revision }, input, by));
  }

  /** Which nodes of which rule chains send over it. */
  @Get('servers/:id/usage')
  @Answers(mailServerUsageSchema)
  getMailServerUsage(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<MailServerUsage> {
    return this.removal.usage(this.db, tenantId, id);
  }

  @Delete('servers/:id')
  @AnswersNothing()
  async deleteMailServer(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: mailServerDeletionSchema }) { replacementId }: MailServerDeletion,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
  ): Promise<void> {
    await this.db.transaction((uow) => this.removal.remove(uow, { tenantId, id, replacementId, by }));
  }
}
