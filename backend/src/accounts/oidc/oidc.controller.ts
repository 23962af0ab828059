import type {} from '@fastify/cookie'; // for request.cookies and reply.setCookie
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import {
  identityProviderButtonSchema,
  oidcParamSchema,
  oidcStartQuerySchema,
  type IdentityProviderButton,
  type IdentityProviderSettings,
  type OidcRefusal,
} from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Access, newToken } from '../../access/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { Answers, LOG, ProblemError, type Log } from '../../http/index.js';
import { Admission } from '../admission.js';
import { AttemptCounts } from '../attempt-counts.js';
import { networkOf } from '../network.js';
import { IdentityProviders } from './identity-providers.js';
import { OidcClients } from './oidc-clients.js';
import { OidcPeople, OidcRefused } from './oidc-people.js';
import { OIDC_MINUTES, OidcSignIns } from './oidc-sign-ins.js';

/** Ties a sign-in to the browser that began it. */
const COOKIE = 'signalpost_oidc';
/** Sign-ins that one network begins in a quarter of an hour. */
const MOST_BEGUN = 300;
const WINDOW_MINUTES = 15;

type TenantParam = { readonly tenantId: string };

/** Signing in at a tenant's identity provider: authorization code with PKCE (OpenID Connect Core §3.1, RFC 9700). */
@Controller('api/auth/oidc/:tenantId')
@Access('public')
export class OidcController {
  constructor(
    @Inject(IdentityProviders) private readonly providers: IdentityProviders,
    @Inject(OidcClients) private readonly clients: OidcClients,
    @Inject(OidcSignIns) private readonly signIns: OidcSignIns,
    @Inject(OidcPeople) private readonly people: OidcPeople,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(AttemptCounts) private readonly counts: AttemptCounts,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** What the button on the tenant's sign-in page says. */
  @Get()
  @Answers(identityProviderButtonSchema)
  async getIdentityProviderButton(
    @Param({ schema: oidcParamSchema }) { tenantId }: TenantParam,
  ): Promise<IdentityProviderButton> {
    const settings = await this.#settings(tenantId);
    return { name: settings.name };
  }

  /** Sends the browser to the provider. */
  @Get('start')
  @ApiResponse({ status: 302, description: 'To the provider, or back to the sign-in page' })
  async startOidcSignIn(
    @Param({ schema: oidcParamSchema }) { tenantId }: TenantParam,
    @Query({ schema: oidcStartQuerySchema }) { returnUrl }: { returnUrl?: string },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#limit(request);
    const settings = await this.#settings(tenantId);
    const browser = newToken();
    const begun = await this.signIns.begin(tenantId, browser, safeReturnUrl(returnUrl));
    const to = await this.#orRefused(tenantId, async () => {
      const url = await this.clients.authorizationUrl(settings, this.#binding(tenantId, begun));
      reply.setCookie(COOKIE, browser, { ...this.#cookie(tenantId), maxAge: OIDC_MINUTES * 60 });
      return url.href;
    });
    await reply.redirect(to, 302);
  }

  /** Where the provider sends the browser back. */
  @Get('callback')
  @ApiResponse({ status: 302, description: 'Signed in, or back to the sign-in page' })
  async endOidcSignIn(
    @Param({ schema: oidcParamSchema }) { tenantId }: TenantParam,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const settings = await this.#settings(tenantId);
    reply.clearCookie(COOKIE, this.#cookie(tenantId));
    const to = await this.#orRefused(tenantId, () => this.#signIn(tenantId, settings, request, reply));
    await reply.redirect(to, 302);
  }

  async #settings(tenantId: string): Promise<IdentityProviderSettings> {
    const settings = await this.providers.inUse(tenantId);
    if (settings === undefined) throw new ProblemError('not-found');
    return settings;
  }

  async #signIn(
    tenantId: string,
    settings: IdentityProviderSettings,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    const { search, searchParams } = new URL(request.url, this.config.publicUrl);
    const begun = await this.signIns.take(tenantId, request.cookies[COOKIE] ?? '', searchParams.get('state') ?? '');
    if (begun === undefined) throw new OidcRefused('expired');
    const identity = await this.clients.identity(settings, this.#binding(tenantId, begun), search);
    const account = await this.people.accountOf(tenantId, settings, identity);
    await this.admission.admit(account, request, reply);
    return this.config.publicUrl + begun.returnUrl;
  }

  /** Whoever comes back from the provider is a person with a browser: a refusal is a page, not a problem in JSON. */
  async #orRefused(tenantId: string, work: () => Promise<string>): Promise<string> {
    try {
      return await work();
    } catch (error) {
      const refusal: OidcRefusal = error instanceof OidcRefused ? error.refusal : 'provider';
      if (refusal === 'provider')
        this.log.warn({ tenantId, reason: nameOf(error) }, 'A sign-in at an identity provider failed');
      return `${this.config.publicUrl}/sign-in?tenant=${tenantId}&refused=${refusal}`;
    }
  }

  #binding(tenantId: string, { state, nonce, verifier }: { state: string; nonce: string; verifier: string }) {
    return { redirectUri: this.providers.redirectUri(tenantId), state, nonce, verifier };
  }

  #cookie(tenantId: string) {
    const secure = this.config.publicUrl.startsWith('https:');
    return { path: `/api/auth/oidc/${tenantId}`, httpOnly: true, sameSite: 'lax', secure } as const;
  }

  async #limit(request: FastifyRequest): Promise<void> {
    const counted = [{ key: ['oidc', networkOf(request.ip)], limit: MOST_BEGUN }];
    const retryAfterSeconds = await this.counts.count(counted, WINDOW_MINUTES);
    if (retryAfterSeconds > 0) throw new ProblemError('too-many-requests', { retryAfterSeconds });
  }
}

/** A path of this product, never another site: `//evil.example` and `/\evil.example` would leave it. */
function safeReturnUrl(candidate = ''): string {
  return /^\/(?![/\\])[^\p{Cc}]*$/u.test(candidate) && !candidate.startsWith('/sign-in') ? candidate : '/';
}

/** Never the message: a library may put a token into it. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
