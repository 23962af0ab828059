import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import {
  sessionSchema,
  setupSchema,
  setupStateSchema,
  signInAnswerSchema,
  signInSchema,
  type Session,
  type Setup,
  type SetupState,
  type SignIn,
  type SignInAnswer,
} from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { Answers, AnswersNothing } from '../http/index.js';
import { Admission } from './admission.js';
import { clientOf } from './client.js';
import { FirstAdministrator } from './first-administrator.js';
import { SessionCookie } from './session-cookie.js';
import { DemoAccounts, SessionView } from './session-view.js';
import { SignIns } from './sign-ins.js';
import { SignOuts } from './sign-outs.js';
import { SecondFactorGate } from './two-factor/index.js';

@Controller('api')
export class AccountsController {
  constructor(
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(SecondFactorGate) private readonly gate: SecondFactorGate,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(SignOuts) private readonly signOuts: SignOuts,
    @Inject(SessionView) private readonly view: SessionView,
    @Inject(FirstAdministrator) private readonly first: FirstAdministrator,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
    @Inject(DemoAccounts) private readonly demo: DemoAccounts,
  ) {}

  @Post('auth/sign-in')
  @Access('public')
  @Answers(signInAnswerSchema)
  async signIn(
    @Body({ schema: signInSchema }) body: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignInAnswer> {
    const user = await this.signIns.check(body, clientOf(request));
    return this.gate.enter(user, request, reply);
  }

  /** Also without a session: who wants to leave is never told to sign in first. */
  @Post('auth/sign-out')
  @Access('public')
  @AnswersNothing()
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.signOuts.signOut(request);
    this.cookie.clear(reply);
  }

  @Get('session')
  @Access('signed-in')
  @Answers(sessionSchema)
  getSession(@CurrentPrincipal() principal: Principal): Promise<Session> {
    return this.view.of(principal);
  }

  @Get('setup')
  @Access('public')
  @Answers(setupStateSchema)
  async getSetup(): Promise<SetupState> {
    return { needed: await this.first.isNeeded(), demo: this.demo.value };
  }

  /** Makes the first system administrator and signs in. */
  @Post('setup')
  @Access('public')
  @Answers(sessionSchema)
  async setUp(
    @Body({ schema: setupSchema }) body: Setup,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.admission.admit(await this.first.create(body, actorOf(request)), request, reply);
  }
}
