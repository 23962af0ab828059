import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import {
  idSchema,
  namedSecretInputSchema,
  namedSecretListSchema,
  namedSecretSchema,
  type NamedSecret,
  type NamedSecretInput,
} from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Database } from '../../db/index.js';
import { Answers, AnswersNothing, IfMatch, ProblemError, tagged, TakesIfMatch } from '../../http/index.js';
import { NamedSecrets, refuseManaged, toSave } from './named-secrets.js';

/** The secrets of who asks, to be named by mail servers of the same scope. They go in and never come out. */
@Controller('api/mail/secrets')
@Access('system-administrator', 'tenant-administrator')
export class NamedSecretsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(NamedSecrets) private readonly secrets: NamedSecrets,
  ) {}

  @Get()
  @Answers(namedSecretListSchema)
  async listMailSecrets(@CurrentPrincipal() { tenantId }: Principal): Promise<{ items: NamedSecret[] }> {
    return { items: await this.secrets.list(this.db, tenantId) };
  }

  @Get(':id')
  @Answers(namedSecretSchema)
  async getMailSecret(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NamedSecret> {
    return tagged(reply, await this.secrets.get(this.db, tenantId, id));
  }

  @Post()
  @Answers(namedSecretSchema, 201)
  createMailSecret(
    @Body({ schema: namedSecretInputSchema }) input: NamedSecretInput,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NamedSecret> {
    return this.db.transaction(async (uow) => {
      if ((await this.secrets.idOf(uow, tenantId, input.name)) !== undefined) throw new ProblemError('name-taken');
      const { id } = await this.secrets.save(uow, tenantId, toSave(input, by, undefined));
      return tagged(reply, await this.secrets.get(uow, tenantId, id));
    });
  }

  @Put(':id')
  @TakesIfMatch()
  @Answers(namedSecretSchema)
  saveMailSecret(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: namedSecretInputSchema }) input: NamedSecretInput,
    @IfMatch() revision: number,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NamedSecret> {
    return this.db.transaction(async (uow) => {
      refuseManaged(await this.secrets.get(uow, tenantId, id));
      await this.secrets.save(uow, tenantId, toSave(input, by, { id, revision }));
      return tagged(reply, await this.secrets.get(uow, tenantId, id));
    });
  }

  @Delete(':id')
  @AnswersNothing()
  async deleteMailSecret(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
  ): Promise<void> {
    await this.db.transaction((uow) => this.secrets.remove(uow, tenantId, id, undefined, by));
  }
}
