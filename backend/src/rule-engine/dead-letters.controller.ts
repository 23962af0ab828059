import { Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  deadLetterPageSchema,
  type DeadLetterView,
  idParamSchema,
  type Page,
  type PageQuery,
  pageQuerySchema,
} from '@signalpost/contracts';

import { Access, CurrentPrincipal, type Principal, TENANT_STAFF } from '../access/index.js';
import { Database } from '../db/index.js';
import { Answers, AnswersNothing, ProblemError, readPage } from '../http/index.js';
import { DEAD_LETTER_LIST, type DeadLetterRow, DeadLetters } from '../queue/index.js';

@Controller('api/dead-letters')
@Access(...TENANT_STAFF)
export class DeadLettersController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DeadLetters) private readonly letters: DeadLetters,
  ) {}

  @Get()
  @Answers(deadLetterPageSchema)
  listDeadLetters(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<DeadLetterView>> {
    return readPage(this.database, DEAD_LETTER_LIST(tenantId), query, toView);
  }

  /** Puts the message back into the queue, where it failed. */
  @Post(':id/replay')
  @Access('tenant-administrator')
  @AnswersNothing()
  async replayDeadLetter(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<void> {
    const found = await this.database.transaction((uow) => this.letters.replay(uow, tenantId, id));
    if (!found) throw new ProblemError('not-found');
  }

  @Delete(':id')
  @Access('tenant-administrator')
  @AnswersNothing()
  async deleteDeadLetter(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<void> {
    const found = await this.database.transaction((uow) => this.letters.remove(uow, tenantId, id));
    if (!found) throw new ProblemError('not-found');
  }
}

function toView(row: DeadLetterRow): DeadLetterView {
  return {
    id: row.id,
    createdAt: row.created_at.getTime(),
    originator: { type: row.originator_type, id: row.originator_id, name: row.originator_name },
    messageType: row.message_type,
    failure: row.failure,
    data: row.entry.message.data,
    metadata: { ...row.entry.message.metadata },
  };
}
