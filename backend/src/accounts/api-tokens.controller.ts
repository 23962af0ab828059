import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  apiTokenPageSchema,
  createdApiTokenSchema,
  idSchema,
  newApiTokenSchema,
  pageQuerySchema,
  type ApiToken,
  type CreatedApiToken,
  type NewApiToken,
  type Page,
  type PageQuery,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../access/index.js';
import { Answers, AnswersNothing } from '../http/index.js';
import { ApiTokens } from './api-tokens.js';

@Controller('api/account/api-tokens')
@Access('signed-in')
export class ApiTokensController {
  constructor(@Inject(ApiTokens) private readonly tokens: ApiTokens) {}

  @Get()
  @Answers(apiTokenPageSchema)
  listApiTokens(
    @Query({ schema: pageQuerySchema }) query: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<ApiToken>> {
    return this.tokens.list(principal, query);
  }

  @Post()
  @Answers(createdApiTokenSchema, 201)
  createApiToken(
    @Body({ schema: newApiTokenSchema }) token: NewApiToken,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<CreatedApiToken> {
    return this.tokens.create(principal, token, actor);
  }

  @Delete(':id')
  @AnswersNothing()
  deleteApiToken(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.tokens.delete(principal, id, actor);
  }
}
