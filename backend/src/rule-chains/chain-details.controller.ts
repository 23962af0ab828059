import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import {
  type DebugSwitch,
  debugSwitchSchema,
  idParamSchema,
  type NodeDebug,
  nodeDebugSchema,
  nodeParamSchema,
  type RuleChainDetail,
  ruleChainDetailSchema,
} from '@signalpost/contracts';

import { Access, type Actor, CurrentActor, CurrentPrincipal, type Principal, TENANT_STAFF } from '../access/index.js';
import { Answers } from '../http/index.js';
import { ChainDetails } from './chain-details.js';

@Controller('api/rule-chains/:id')
@Access(...TENANT_STAFF)
export class ChainDetailsController {
  constructor(@Inject(ChainDetails) private readonly details: ChainDetails) {}

  @Get()
  @Answers(ruleChainDetailSchema)
  getRuleChain(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<RuleChainDetail> {
    return this.details.get(tenantId, id);
  }

  /** What is recorded of the node's messages, from now on. */
  @Post('nodes/:nodeId/debug')
  @Access('tenant-administrator')
  @Answers(nodeDebugSchema)
  switchRuleNodeDebug(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: nodeParamSchema }) { id, nodeId }: { id: string; nodeId: string },
    @Body({ schema: debugSwitchSchema }) wanted: DebugSwitch,
    @CurrentActor() actor: Actor,
  ): Promise<NodeDebug> {
    return this.details.switchDebug({ tenantId, chainId: id, nodeId }, wanted, actor);
  }
}
