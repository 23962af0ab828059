import { Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  deadLetterPageSchema,
  type DeadLetterView,
  idParamSchema,
  type Page,
  type PageQuery,
  pageQuerySchema,
} from '@signalpost/contracts';

import { Access, type Actor, CurrentActor, CurrentPrincipal, type Principal, TENANT_STAFF } from '../access/index.js';
import { Audit } from '../audit/index.js';
import { Database, type UnitOfWork } from '../db/index.js';
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
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    await this.database.transaction(async (uow) => {
      const name = await this.letters.replay(uow, tenantId, id);
      await note(uow, tenantId, 'replayed', { id, name }, actor);
    });
  }

  @Delete(':id')
  @Access('tenant-administrator')
  @AnswersNothing()
  async deleteDeadLetter(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    await this.database.transaction(async (uow) => {
      const name = await this.letters.remove(uow, tenantId, id);
      await note(uow, tenantId, 'deleted', { id, name }, actor);
    });
  }
}

/** @throws ProblemError `not-found` for a letter without a message type: there was none */
async function note(
  uow: UnitOfWork,
  tenantId: string,
  what: 'replayed' | 'deleted',
  { id, name }: { readonly id: string; readonly name: string | undefined },
  actor: Actor,
): Promise<void> {
  if (name === undefined) throw new ProblemError('not-found');
  const entity = { type: 'dead-letter', id, name } as const;
  await Audit.record(uow, { ...actor, tenantId, action: `dead-letter.${what}`, entity });
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
