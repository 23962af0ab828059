import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import type {} from '@fastify/cookie'; // for request.cookies and reply.setCookie
import { callbackQuerySchema, type CallbackQuery } from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { Access, CurrentActor, hashToken, SESSION_COOKIE, type Actor } from '../../access/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { showPage } from '../pages.js';
import { Authorize } from './authorize.js';
import { oauthFailure } from './oauth-failures.js';
import { adminConsentedPage, consentedPage, handOverPage, refusedPage } from './consent-pages.js';
import { callbackUrl } from './redirects.js';

/** Binds a consent to the browser of a colleague who has no session here. */
const CONSENT_COOKIE = 'signalpost_consent';
const COOKIE_PATH = '/api/mail/oauth';
const COOKIE_SECONDS = 600;

const tokenSchema = z.string().min(1).max(200);

/** Where providers send browsers back to, and where a hand-over link leads. Pages for people; all may come. */
@Controller('api/mail/oauth')
@Access('public')
@ApiProduces('text/html')
export class OAuthCallbackController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Authorize) private readonly authorize: Authorize,
  ) {}

  @Get('callback')
  @ApiResponse({ status: 200, description: 'The consent is kept' })
  @ApiResponse({ status: 400, description: 'What went wrong, and what to do' })
  async finishConsent(
    @Query({ schema: callbackQuerySchema }) query: CallbackQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { publicUrl } = this.config;
    if (query.admin_consent !== undefined && query.error === undefined)
      return showPage(reply, 200, adminConsentedPage(publicUrl));
    const callback = new URL(callbackUrl(publicUrl));
    callback.search = new URL(request.url, publicUrl).search;
    const cookies = [request.cookies[SESSION_COOKIE], request.cookies[CONSENT_COOKIE]];
    const bound = cookies.flatMap((cookie) => (cookie === undefined ? [] : [hashToken(cookie)]));
    const done = await this.authorize.finish(query, callback, bound, request.ip);
    void reply.clearCookie(CONSENT_COOKIE, { path: COOKIE_PATH });
    if (done.ok) showPage(reply, 200, consentedPage(publicUrl, done.value.mailbox));
    else showPage(reply, 400, refusedPage(publicUrl, done.failure));
  }

  /** Looking at the link does not use it up: mail programs look at links, too. */
  @Get('hand-over/:token')
  @ApiResponse({ status: 200, description: 'What the colleague is asked for' })
  async openHandOver(
    @Param('token', { schema: tokenSchema }) token: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const opened = await this.authorize.handedOver(token);
    if (opened === undefined) return this.#gone(reply);
    showPage(
      reply,
      200,
      handOverPage(opened.row.mailbox, `${this.config.publicUrl}${COOKIE_PATH}/hand-over/${token}/start`),
    );
  }

  @Get('hand-over/:token/start')
  @ApiResponse({ status: 303, description: 'On to the provider' })
  async startHandOver(
    @Param('token', { schema: tokenSchema }) token: string,
    @CurrentActor() by: Actor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const started = await this.authorize.startHandedOver(token, by);
    if (!started.ok) return this.#gone(reply);
    const secure = this.config.publicUrl.startsWith('https:');
    const cookie = { path: COOKIE_PATH, httpOnly: true, sameSite: 'lax', secure, maxAge: COOKIE_SECONDS } as const;
    void reply.setCookie(CONSENT_COOKIE, started.value.binding, cookie);
    void reply.header('Cache-Control', 'no-store').redirect(started.value.url, 303);
  }

  #gone(reply: FastifyReply): void {
    const advice = 'Ask for a new link; each works once, for 24 hours.';
    showPage(reply, 400, refusedPage(this.config.publicUrl, { ...oauthFailure('state-unknown'), advice }));
  }
}
