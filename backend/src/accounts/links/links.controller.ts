import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import {
  activationSchema,
  addressOutcomeSchema,
  linkSchema,
  linkViewSchema,
  passwordPolicySchema,
  passwordResetRequestSchema,
  passwordResetSchema,
  signInAnswerSchema,
  type Activation,
  type AddressOutcome,
  type Link,
  type LinkView,
  type PasswordPolicy,
  type PasswordReset,
  type PasswordResetRequest,
  type SignInAnswer,
} from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Access } from '../../access/index.js';
import { Answers, AnswersNothing } from '../../http/index.js';
import { clientOf } from '../client.js';
import { PASSWORD_POLICY } from '../password-policy.js';
import { SecondFactorGate } from '../two-factor/index.js';
import { LinkRequests } from '../requests/link-requests.js';
import { LinkActs } from './link-acts.js';
import { LinkViews } from './link-views.js';

/**
 * What the pages of the links in mails call. A link opens a page; the page looks whom the link is for; only a person's
 * click acts, by another POST. So whoever follows links in mails, like a scanner, changes nothing.
 */
@Controller('api/auth')
@Access('public')
export class LinksController {
  constructor(
    @Inject(LinkViews) private readonly views: LinkViews,
    @Inject(LinkActs) private readonly acts: LinkActs,
    @Inject(LinkRequests) private readonly requests: LinkRequests,
    @Inject(SecondFactorGate) private readonly gate: SecondFactorGate,
  ) {}

  /** The rules of a new password, to show while a person types. */
  @Get('password-policy')
  @Answers(passwordPolicySchema)
  getPasswordPolicy(): PasswordPolicy {
    return PASSWORD_POLICY;
  }

  /** Whom a link is for. Changes nothing but that the invitation was opened. */
  @Post('links/look')
  @Answers(linkViewSchema)
  lookAtLink(@Body({ schema: linkSchema }) { token }: Link): Promise<LinkView> {
    return this.views.look(token);
  }

  /** Sets the first password and signs in. */
  @Post('links/activate')
  @Answers(signInAnswerSchema)
  async activate(
    @Body({ schema: activationSchema }) activation: Activation,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignInAnswer> {
    const user = await this.acts.activate(activation, clientOf(request));
    return this.gate.enter(user, request, reply);
  }

  /** Sends a new invitation to whom an expired link was for. Always answers alike. */
  @Post('links/renew')
  @AnswersNothing()
  renewLink(@Body({ schema: linkSchema }) { token }: Link, @Req() request: FastifyRequest): Promise<void> {
    return this.requests.byExpiredLink(token, clientOf(request));
  }

  /** Sends a link to choose a new password, if somebody has this address. Always answers alike. */
  @Post('password-reset')
  @AnswersNothing()
  requestPasswordReset(
    @Body({ schema: passwordResetRequestSchema }) { email }: PasswordResetRequest,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.requests.byAddress(email, clientOf(request));
  }

  /** Sets a new password and ends all sessions; the person then signs in. */
  @Post('links/reset-password')
  @AnswersNothing()
  resetPassword(
    @Body({ schema: passwordResetSchema }) reset: PasswordReset,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.acts.resetPassword(reset, clientOf(request));
  }

  /** Confirms a new address, or takes the change of an address back: `purpose` of the look tells which. */
  @Post('links/confirm-address')
  @Answers(addressOutcomeSchema)
  async confirmAddress(
    @Body({ schema: linkSchema }) { token }: Link,
    @Req() request: FastifyRequest,
  ): Promise<AddressOutcome> {
    return { email: await this.acts.confirmAddress(token, clientOf(request)) };
  }

  @Post('links/unlock')
  @AnswersNothing()
  unlock(@Body({ schema: linkSchema }) { token }: Link, @Req() request: FastifyRequest): Promise<void> {
    return this.acts.unlock(token, clientOf(request));
  }
}
