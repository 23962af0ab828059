import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import {
  connectorInputSchema,
  connectorListSchema,
  connectorSchema,
  idSchema,
  type Connector,
  type ConnectorInput,
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
import { Answers, AnswersNothing, IfMatch, ProblemError, tagged, TakesIfMatch } from '../../http/index.js';
import { Connectors } from './connectors.js';

/** Ways through a proxy: the system administrator keeps them, tenants see the names of the shared ones. */
@Controller('api/mail/connectors')
@Access('system-administrator')
export class ConnectorsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Connectors) private readonly connectors: Connectors,
  ) {}

  @Get()
  @Access('system-administrator', ...TENANT_STAFF)
  @Answers(connectorListSchema)
  async listMailConnectors(@CurrentPrincipal() { tenantId }: Principal): Promise<{ items: Connector[] }> {
    return { items: await this.connectors.list(this.db, tenantId) };
  }

  @Get(':id')
  @Answers(connectorSchema)
  async getMailConnector(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Connector> {
    return tagged(reply, await this.connectors.get(this.db, tenantId, id));
  }

  @Post()
  @Answers(connectorSchema, 201)
  createMailConnector(
    @Body({ schema: connectorInputSchema }) input: ConnectorInput,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Connector> {
    return this.db.transaction(async (uow) => {
      if ((await this.connectors.idOf(uow, input.name)) !== undefined) throw new ProblemError('name-taken');
      const { id } = await this.connectors.save(uow, await this.connectors.fromInput(uow, input, undefined, by));
      return tagged(reply, await this.connectors.get(uow, tenantId, id));
    });
  }

  @Put(':id')
  @TakesIfMatch()
  @Answers(connectorSchema)
  saveMailConnector(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: connectorInputSchema }) input: ConnectorInput,
    @IfMatch() revision: number,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Connector> {
    return this.db.transaction(async (uow) => {
      await this.connectors.save(uow, await this.connectors.fromInput(uow, input, { id, revision }, by));
      return tagged(reply, await this.connectors.get(uow, tenantId, id));
    });
  }

  @Delete(':id')
  @AnswersNothing()
  async deleteMailConnector(@Param('id', { schema: idSchema }) id: string, @CurrentActor() by: Actor): Promise<void> {
    await this.db.transaction((uow) => this.connectors.remove(uow, id, undefined, by));
  }
}
