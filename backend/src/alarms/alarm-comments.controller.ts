import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  type AlarmComment,
  alarmCommentPageSchema,
  alarmCommentParamSchema,
  alarmCommentSchema,
  idParamSchema,
  type Page,
  type PageQuery,
  pageQuerySchema,
  type WriteAlarmComment,
  writeAlarmCommentSchema,
} from '@signalpost/contracts';

import { Access, type Actor, CurrentActor, CurrentPrincipal, type Principal, TENANT_ROLES } from '../access/index.js';
import { Answers, AnswersNothing } from '../http/index.js';
import { AlarmComments } from './alarm-comments.js';

interface CommentParams {
  readonly id: string;
  readonly commentId: string;
}

/** Whoever sees an alarm reads its history and may add to it. */
@Controller('api/alarms/:id/comments')
@Access(...TENANT_ROLES)
export class AlarmCommentsController {
  constructor(@Inject(AlarmComments) private readonly comments: AlarmComments) {}

  @Get()
  @Answers(alarmCommentPageSchema)
  listAlarmComments(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<AlarmComment>> {
    return this.comments.list(principal, id, query);
  }

  @Post()
  @Answers(alarmCommentSchema, 201)
  writeAlarmComment(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Body({ schema: writeAlarmCommentSchema }) { text }: WriteAlarmComment,
    @CurrentActor() actor: Actor,
  ): Promise<AlarmComment> {
    return this.comments.write(principal, id, text, actor);
  }

  @Patch(':commentId')
  @Answers(alarmCommentSchema)
  changeAlarmComment(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: alarmCommentParamSchema }) { id, commentId }: CommentParams,
    @Body({ schema: writeAlarmCommentSchema }) { text }: WriteAlarmComment,
    @CurrentActor() actor: Actor,
  ): Promise<AlarmComment> {
    return this.comments.change(principal, id, commentId, text, actor);
  }

  @Delete(':commentId')
  @AnswersNothing()
  deleteAlarmComment(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: alarmCommentParamSchema }) { id, commentId }: CommentParams,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.comments.delete(principal, id, commentId, actor);
  }
}
