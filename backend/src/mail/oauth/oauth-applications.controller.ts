import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import {
  idSchema,
  oauthApplicationInputSchema,
  oauthApplicationListSchema,
  oauthApplicationSchema,
  type OAuthApplication,
  type OAuthApplicationInput,
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
import { Answers, AnswersNothing, MaybeIfMatch, ProblemError, tagged, TakesIfMatch } from '../../http/index.js';
import { OAuthApplications } from './applications.js';

/** The OAuth applications of who asks, and those that the system shares. Secrets go in and never come out. */
@Controller('api/mail/oauth/applications')
@Access('system-administrator', 'tenant-administrator')
export class OAuthApplicationsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(OAuthApplications) private readonly applications: OAuthApplications,
  ) {}

  @Get()
  @Access('system-administrator', ...TENANT_STAFF)
  @Answers(oauthApplicationListSchema)
  async listOAuthApplications(@CurrentPrincipal() { tenantId }: Principal): Promise<{ items: OAuthApplication[] }> {
    return { items: await this.applications.list(this.db, tenantId) };
  }

  @Get(':id')
  @Access('system-administrator', ...TENANT_STAFF)
  @Answers(oauthApplicationSchema)
  async getOAuthApplication(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OAuthApplication> {
    return tagged(reply, found(await this.applications.get(this.db, tenantId, id)));
  }

  @Post()
  @Answers(oauthApplicationSchema, 201)
  createOAuthApplication(
    @Body({ schema: oauthApplicationInputSchema }) input: OAuthApplicationInput,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<OAuthApplication> {
    return this.#save(tenantId, {}, input, actor);
  }

  /** With `If-Match` only what was read is changed. */
  @Put(':id')
  @TakesIfMatch()
  @Answers(oauthApplicationSchema)
  async saveOAuthApplication(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: oauthApplicationInputSchema }) input: OAuthApplicationInput,
    @MaybeIfMatch() revision: number | undefined,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OAuthApplication> {
    await this.#own(tenantId, id);
    return tagged(reply, await this.#save(tenantId, { id, revision }, input, actor));
  }

  @Delete(':id')
  @AnswersNothing()
  async deleteOAuthApplication(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() { tenantId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    await this.#own(tenantId, id);
    const gone = await this.db.transaction((uow) => this.applications.delete(uow, { tenantId, id }, actor));
    if (!gone) throw new ProblemError('oauth-application-in-use');
  }

  /** What is shared by the system is looked at, not changed; what the provisioning file names neither. */
  async #own(tenantId: string, id: string): Promise<void> {
    const row = await this.applications.find(this.db, tenantId, id);
    if (row?.tenant_id !== tenantId) throw new ProblemError('not-found');
    if (row.managed) throw new ProblemError('managed-by-file');
  }

  async #save(
    tenantId: string,
    { id, revision }: { readonly id?: string; readonly revision?: number | undefined },
    input: OAuthApplicationInput,
    actor: Actor,
  ): Promise<OAuthApplication> {
    const wanted = await this.applications.fromInput(this.db, tenantId, id, input);
    if ('askAgain' in wanted) throw secretsNeeded(wanted.askAgain);
    const saved = await this.db.transaction(async (uow) => {
      if (await this.applications.isTaken(uow, tenantId, input.name, id)) throw new ProblemError('name-taken');
      const of = revision === undefined ? {} : { revision };
      return this.applications.save(uow, tenantId, { ...wanted.save, ...of }, actor);
    });
    return found(await this.applications.get(this.db, tenantId, saved.id));
  }
}

function found(application: OAuthApplication | undefined): OAuthApplication {
  if (application === undefined) throw new ProblemError('not-found');
  return application;
}

const secretsNeeded = (fields: readonly string[]): ProblemError =>
  new ProblemError('validation-failed', {
    errors: fields.map((field) => ({
      pointer: `/${field}`,
      message: 'must be entered again: the application is another one now, and its old secret is not sent there',
    })),
  });
