import { Body, Controller, Delete, Get, Inject, Param, Post, Req } from '@nestjs/common';
import type {} from '@fastify/cookie'; // for request.cookies
import {
  callbackQuerySchema,
  deviceSignInSchema,
  handOverSchema,
  idSchema,
  oauthGrantSchema,
  pastedRedirectSchema,
  startConsentSchema,
  startedConsentSchema,
  type DeviceSignIn,
  type HandOver,
  type OAuthGrant,
  type PastedRedirect,
  type StartConsent,
  type StartedConsent,
} from '@signalpost/contracts';
import type { FastifyRequest } from 'fastify';

import {
  Access,
  CurrentActor,
  CurrentPrincipal,
  hashToken,
  SESSION_COOKIE,
  TENANT_STAFF,
  type Actor,
  type Principal,
} from '../../access/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { Database } from '../../db/index.js';
import { Answers, ProblemError } from '../../http/index.js';
import { OAuthApplications } from './applications.js';
import { Authorize } from './authorize.js';
import { DeviceSignIns } from './device-sign-ins.js';
import { noteGrant } from './grant-audit.js';
import type { GrantRef, GrantRow } from './grant-row.js';
import { viewGrant } from './grant-view.js';
import { Grants } from './grants.js';
import { adminConsentUrl, powerShellText } from './hand-over-text.js';
import type { OAuthFailure } from './oauth-failures.js';
import { redirectAdvice } from './redirects.js';
import { TokenService } from './token-service.js';

/** The grant of one mail server: of the tenant of who asks, or of the system. */
@Controller('api/mail/servers/:id/oauth')
@Access('system-administrator', 'tenant-administrator')
export class OAuthGrantsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Grants) private readonly grants: Grants,
    @Inject(OAuthApplications) private readonly applications: OAuthApplications,
    @Inject(Authorize) private readonly authorize: Authorize,
    @Inject(DeviceSignIns) private readonly devices: DeviceSignIns,
    @Inject(TokenService) private readonly tokens: TokenService,
  ) {}

  @Get()
  @Access('system-administrator', ...TENANT_STAFF)
  @Answers(oauthGrantSchema)
  async getMailServerOAuth(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() who: Principal,
  ): Promise<OAuthGrant> {
    return this.#view(await this.#find(refOf(who, id)));
  }

  @Post('authorize')
  @Answers(startedConsentSchema)
  async startMailServerConsent(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: startConsentSchema }) body: StartConsent,
    @CurrentPrincipal() who: Principal,
    @CurrentActor() by: Actor,
    @Req() request: FastifyRequest,
  ): Promise<StartedConsent> {
    await this.#find(refOf(who, id));
    return value(await this.authorize.start(refOf(who, id), body, sessionOf(request), by));
  }

  /** What a browser that could not come back ended at. */
  @Post('complete')
  @Answers(oauthGrantSchema)
  async completeMailServerConsent(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: pastedRedirectSchema }) { address }: PastedRedirect,
    @CurrentPrincipal() who: Principal,
    @Req() request: FastifyRequest,
  ): Promise<OAuthGrant> {
    const ref = refOf(who, id);
    await this.#find(ref);
    const callback = URL.canParse(address.trim()) ? new URL(address.trim()) : undefined;
    const query = callbackQuerySchema.safeParse(Object.fromEntries(callback?.searchParams ?? []));
    if (callback === undefined || !query.success)
      throw invalid('/address', 'must be the whole address at which the browser ended');
    value(await this.authorize.finish(query.data, callback, [sessionOf(request)], request.ip));
    return this.#view(await this.#find(ref));
  }

  @Post('device')
  @Answers(deviceSignInSchema)
  async startMailServerDeviceSignIn(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() who: Principal,
    @CurrentActor() by: Actor,
  ): Promise<DeviceSignIn> {
    await this.#find(refOf(who, id));
    return value(await this.devices.start(refOf(who, id), by));
  }

  @Post('hand-over')
  @Answers(handOverSchema)
  async handOverMailServerConsent(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() who: Principal,
    @CurrentActor() by: Actor,
  ): Promise<HandOver> {
    const ref = refOf(who, id);
    const row = await this.#find(ref);
    const application = value(await this.#application(row));
    const { token, expiresAt } = value(await this.authorize.handOver(ref, by));
    const url = `${this.config.publicUrl}/api/mail/oauth/hand-over/${token}`;
    const consent = adminConsentUrl(this.config.publicUrl, application, row);
    return { url, expiresAt, adminConsentUrl: consent, powerShell: powerShellText(application, row) };
  }

  /** Now, whatever the schedule says. */
  @Post('refresh')
  @Answers(oauthGrantSchema)
  async refreshMailServerToken(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() who: Principal,
    @CurrentActor() by: Actor,
  ): Promise<OAuthGrant> {
    const ref = refOf(who, id);
    await this.tokens.accessToken(ref, { force: true });
    const row = await this.#find(ref);
    await this.db.transaction((uow) => noteGrant(uow, row, 'renewed', by, { state: row.state }));
    return this.#view(row);
  }

  /** Ends the consent, at the provider too where it can. */
  @Delete()
  @Answers(oauthGrantSchema)
  async revokeMailServerConsent(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentPrincipal() who: Principal,
    @CurrentActor() by: Actor,
  ): Promise<OAuthGrant> {
    const ref = refOf(who, id);
    await this.#find(ref);
    await this.db.transaction((uow) => this.grants.forget(uow, ref, by));
    return this.#view(await this.#find(ref));
  }

  async #find(ref: GrantRef): Promise<GrantRow> {
    const row = await this.grants.find(this.db, ref);
    if (row === undefined)
      throw new ProblemError('not-found', { detail: 'This mail server does not sign in with OAuth.' });
    return row;
  }

  async #view(row: GrantRow): Promise<OAuthGrant> {
    const application = await this.#application(row);
    const device = await this.devices.underWay({ tenantId: row.tenant_id, serverId: row.mail_server_id });
    return viewGrant(
      row,
      device,
      redirectAdvice(this.config.publicUrl, application.ok ? application.value : undefined),
    );
  }

  #application(row: GrantRow): ReturnType<OAuthApplications['open']> {
    return this.applications.open(this.db, row);
  }
}

const refOf = ({ tenantId }: Principal, serverId: string): GrantRef => ({ tenantId, serverId });

/** A consent belongs to the browser that began it; an API token has none. */
function sessionOf(request: FastifyRequest): Buffer {
  const cookie = request.cookies[SESSION_COOKIE];
  if (cookie !== undefined) return hashToken(cookie);
  throw new ProblemError('oauth-refused', {
    detail: 'A consent needs a browser that is signed in. Use "hand-over" to get a link instead.',
  });
}

function value<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: OAuthFailure },
): T {
  if (result.ok) return result.value;
  throw new ProblemError('oauth-refused', { detail: `${result.failure.message} ${result.failure.advice}` });
}

const invalid = (pointer: string, message: string): ProblemError =>
  new ProblemError('validation-failed', { errors: [{ pointer, message }] });
