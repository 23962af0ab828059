import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import {
  enrolledSchema,
  enrolmentSchema,
  secondFactorNeededSchema,
  secondFactorSchema,
  sessionSchema,
  totpConfirmationSchema,
  type Enrolled,
  type Enrolment,
  type SecondFactorNeeded,
  type SecondFactorProof,
  type Session,
  type TotpConfirmation,
} from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Access } from '../../access/index.js';
import { Answers, AnswersNothing } from '../../http/index.js';
import { SecondFactorGate } from './second-factor-gate.js';

/** Between the password and the session: the cookie of the pending sign-in says who it is. */
@Controller('api/auth/second-factor')
@Access('public')
export class SecondFactorController {
  constructor(@Inject(SecondFactorGate) private readonly gate: SecondFactorGate) {}

  @Get()
  @Answers(secondFactorNeededSchema)
  getSecondFactor(@Req() request: FastifyRequest): Promise<SecondFactorNeeded> {
    return this.gate.look(request);
  }

  @Post()
  @Answers(sessionSchema)
  proveSecondFactor(
    @Body({ schema: secondFactorSchema }) proof: SecondFactorProof,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.gate.prove(proof, request, reply);
  }

  @Post('email')
  @AnswersNothing()
  sendSecondFactorCode(@Req() request: FastifyRequest): Promise<void> {
    return this.gate.sendCode(request);
  }

  /** Sets up an authenticator app where the role needs a second factor and there is none. */
  @Post('enrol')
  @Answers(enrolmentSchema)
  enrolAtSignIn(@Req() request: FastifyRequest): Promise<Enrolment> {
    return this.gate.beginEnrolment(request);
  }

  @Post('enrol/confirm')
  @Answers(enrolledSchema)
  confirmEnrolmentAtSignIn(
    @Body({ schema: totpConfirmationSchema }) { code }: TotpConfirmation,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Enrolled> {
    return this.gate.confirmEnrolment(code, request, reply);
  }
}
