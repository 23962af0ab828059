import { Body, Controller, Delete, Get, Inject, Param, Post, Put } from '@nestjs/common';
import {
  languageSchema,
  mailPreviewSchema,
  mailTemplateHistorySchema,
  mailTemplateInputSchema,
  mailTemplateListSchema,
  mailTemplateSchema,
  mailTemplateTextSchema,
  sentToMeSchema,
  systemMailIdSchema,
  type Language,
  type MailPreview,
  type MailTemplate,
  type MailTemplateInput,
  type MailTemplateState,
  type MailTemplateText,
  type MailTemplateVersion,
  type SentToMe,
  type SystemMailId,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Database } from '../../db/index.js';
import { Answers, AnswersNothing, ProblemError } from '../../http/index.js';
import { TemplateEditor, type Editor } from './template-editor.js';
import { TemplateStore } from './template-store.js';

/** The words of the system's mails, in the scope of who asks. */
@Controller('api/mail/templates')
@Access('system-administrator', 'tenant-administrator')
export class MailTemplatesController {
  constructor(
    @Inject(TemplateEditor) private readonly editor: TemplateEditor,
    @Inject(TemplateStore) private readonly store: TemplateStore,
    @Inject(Database) private readonly db: Database,
  ) {}

  @Get()
  @Answers(mailTemplateListSchema)
  async listMailTemplates(@CurrentPrincipal() { tenantId }: Principal): Promise<{ items: MailTemplateState[] }> {
    return { items: await this.editor.list(tenantId) };
  }

  @Get(':id/:language')
  @Answers(mailTemplateSchema)
  getMailTemplate(
    @Param('id', { schema: systemMailIdSchema }) template: SystemMailId,
    @Param('language', { schema: languageSchema }) language: Language,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<MailTemplate> {
    return this.editor.read({ tenantId, template, language });
  }

  @Put(':id/:language')
  @Answers(mailTemplateSchema)
  saveMailTemplate(
    @Param('id', { schema: systemMailIdSchema }) template: SystemMailId,
    @Param('language', { schema: languageSchema }) language: Language,
    @Body({ schema: mailTemplateInputSchema }) input: MailTemplateInput,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<MailTemplate> {
    return this.editor.save({ tenantId, template, language }, input, editorOf(actor));
  }

  @Delete(':id/:language')
  @AnswersNothing()
  resetMailTemplate(
    @Param('id', { schema: systemMailIdSchema }) template: SystemMailId,
    @Param('language', { schema: languageSchema }) language: Language,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.editor.reset({ tenantId, template, language }, editorOf(actor));
  }

  @Get(':id/:language/history')
  @Answers(mailTemplateHistorySchema)
  async getMailTemplateHistory(
    @Param('id', { schema: systemMailIdSchema }) template: SystemMailId,
    @Param('language', { schema: languageSchema }) language: Language,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ items: MailTemplateVersion[] }> {
    return { items: await this.store.history(this.db, { tenantId, template, language }) };
  }

  @Post(':id/:language/preview')
  @Answers(mailPreviewSchema)
  previewMailTemplate(
    @Param('id', { schema: systemMailIdSchema }) template: SystemMailId,
    @Param('language', { schema: languageSchema }) language: Language,
    @Body({ schema: mailTemplateTextSchema }) text: MailTemplateText,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<MailPreview> {
    return this.editor.preview({ tenantId, template, language }, text, editorOf(actor));
  }

  @Post(':id/:language/send-to-me')
  @Answers(sentToMeSchema)
  async sendMailTemplateToMe(
    @Param('id', { schema: systemMailIdSchema }) template: SystemMailId,
    @Param('language', { schema: languageSchema }) language: Language,
    @Body({ schema: mailTemplateTextSchema }) text: MailTemplateText,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<SentToMe> {
    const editor = editorOf(actor);
    const deliveryId = await this.editor.sendToMe({ tenantId, template, language }, text, editor);
    return { deliveryId, address: editor.address };
  }
}

function editorOf(actor: Actor): Editor {
  if (!('email' in actor.actor)) throw new ProblemError('unauthenticated');
  return { address: actor.actor.email, actor };
}
