import { Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import { idSchema, testMailSchema, type TestMailView } from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { Access, CurrentPrincipal, type Principal } from '../access/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Database } from '../db/index.js';
import { Answers, ProblemError } from '../http/index.js';
import { arrivedPage, askedPage, unknownPage } from './diagnose/arrival-pages.js';
import { TestMails } from './diagnose/test-mails.js';
import { showPage } from './pages.js';

const tokenSchema = z.string().min(1).max(200);

/** Where test mails are known, and where their link leads: pages for whoever got one, who may have no account. */
@Controller('api/mail/test-mails')
export class TestMailsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Database) private readonly db: Database,
    @Inject(TestMails) private readonly testMails: TestMails,
  ) {}

  @Get(':id')
  @Access('system-administrator', 'tenant-administrator')
  @Answers(testMailSchema)
  async getTestMail(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<TestMailView> {
    const found = await this.testMails.get(this.db, tenantId, id);
    if (found === undefined) throw new ProblemError('not-found');
    return found;
  }

  /** Asks; mail programs and virus scanners come here, too. */
  @Get('arrived/:token')
  @Access('public')
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The question whether the mail arrived' })
  async askWhetherTestMailArrived(
    @Param('token', { schema: tokenSchema }) token: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.testMails.byToken(this.db, token);
    if (found === undefined) showPage(reply, 404, unknownPage(this.config.publicUrl));
    else showPage(reply, 200, askedPage(this.config.publicUrl, token));
  }

  @Post('arrived/:token')
  @Access('public')
  @HttpCode(200)
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'Thanks' })
  async confirmTestMail(
    @Param('token', { schema: tokenSchema }) token: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const known = await this.testMails.arrived(this.db, token);
    showPage(reply, known ? 200 : 404, (known ? arrivedPage : unknownPage)(this.config.publicUrl));
  }
}
