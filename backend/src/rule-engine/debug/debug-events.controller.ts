import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  type DebugEvent,
  debugEventPageSchema,
  type DebugQuery,
  debugQuerySchema,
  idParamSchema,
  type Page,
} from '@signalpost/contracts';

import { Access, CurrentPrincipal, type Principal, TENANT_STAFF } from '../../access/index.js';
import { Database } from '../../db/index.js';
import { Answers, ProblemError, readPage } from '../../http/index.js';
import { debugEventList, toDebugEvent } from './debug-rows.js';

@Controller('api/rule-chains/:id/debug-events')
@Access(...TENANT_STAFF)
export class DebugEventsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** What went in and out of the chain's nodes, newest first. */
  @Get()
  @Answers(debugEventPageSchema)
  async listDebugEvents(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Query({ schema: debugQuerySchema }) { nodeId, ...query }: DebugQuery,
  ): Promise<Page<DebugEvent>> {
    const chain = await this.database.query('SELECT 1 FROM rule_chain WHERE tenant_id = $1 AND id = $2', [
      tenantId,
      id,
    ]);
    if (chain.length === 0) throw new ProblemError('not-found');
    return readPage(this.database, debugEventList(tenantId, id, nodeId ?? null), query, toDebugEvent);
  }
}
