import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  idParamSchema,
  type ImportedChain,
  importedChainSchema,
  importQuerySchema,
  type Page,
  type PageQuery,
  pageQuerySchema,
  ruleChainFileSchema,
  ruleChainPageSchema,
  ruleChainSchema,
  type RuleChainView,
} from '@signalpost/contracts';

import { Access, type Actor, CurrentActor, CurrentPrincipal, type Principal, TENANT_STAFF } from '../access/index.js';
import { Answers, AnswersNothing } from '../http/index.js';
import { RuleChains } from './rule-chains.js';

@Controller('api/rule-chains')
@Access('tenant-administrator')
export class RuleChainsController {
  constructor(@Inject(RuleChains) private readonly chains: RuleChains) {}

  @Get()
  @Access(...TENANT_STAFF)
  @Answers(ruleChainPageSchema)
  listRuleChains(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<RuleChainView>> {
    return this.chains.list(tenantId, query);
  }

  @Post('import')
  @Answers(importedChainSchema, 201)
  importRuleChain(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query({ schema: importQuerySchema }) { name }: { name?: string },
    @Body({ schema: ruleChainFileSchema }) file: Record<string, unknown>,
    @CurrentActor() actor: Actor,
  ): Promise<ImportedChain> {
    return this.chains.import(tenantId, file, actor, name);
  }

  @Get(':id/export')
  @Answers(ruleChainFileSchema)
  exportRuleChain(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<Record<string, unknown>> {
    return this.chains.export(tenantId, id);
  }

  @Post(':id/root')
  @Answers(ruleChainSchema)
  makeRootRuleChain(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @CurrentActor() actor: Actor,
  ): Promise<RuleChainView> {
    return this.chains.makeRoot(tenantId, id, actor);
  }

  @Delete(':id')
  @AnswersNothing()
  deleteRuleChain(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.chains.remove(tenantId, id, actor);
  }
}
