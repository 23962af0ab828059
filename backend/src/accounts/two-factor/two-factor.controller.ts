import { Body, Controller, Get, Inject, Post, Put } from '@nestjs/common';
import {
  emailCodesSchema,
  enrolmentSchema,
  passwordProofSchema,
  recoveryCodesSchema,
  totpConfirmationSchema,
  twoFactorStateSchema,
  type EmailCodes,
  type Enrolment,
  type PasswordProof,
  type RecoveryCodes,
  type TotpConfirmation,
  type TwoFactorState,
} from '@signalpost/contracts';

import { Access } from '../../access/index.js';
import { Answers } from '../../http/index.js';
import { CurrentSelf } from '../own/current-self.js';
import type { Self } from '../own/own-account.js';
import { OwnTwoFactor } from './own-two-factor.js';

@Controller('api/account/two-factor')
@Access('signed-in')
export class TwoFactorController {
  constructor(@Inject(OwnTwoFactor) private readonly own: OwnTwoFactor) {}

  @Get()
  @Answers(twoFactorStateSchema)
  getTwoFactor(@CurrentSelf() self: Self): Promise<TwoFactorState> {
    return this.own.state(self);
  }

  /** The secret of an authenticator app; it counts once a code of it is confirmed. */
  @Post('enrol')
  @Answers(enrolmentSchema)
  enrolTwoFactor(
    @CurrentSelf() self: Self,
    @Body({ schema: passwordProofSchema }) proof: PasswordProof,
  ): Promise<Enrolment> {
    return this.own.begin(self, proof);
  }

  @Post('confirm')
  @Answers(recoveryCodesSchema)
  confirmTwoFactor(
    @CurrentSelf() self: Self,
    @Body({ schema: totpConfirmationSchema }) { code }: TotpConfirmation,
  ): Promise<RecoveryCodes> {
    return this.own.confirm(self, code);
  }

  @Put('email-codes')
  @Answers(twoFactorStateSchema)
  setEmailCodes(
    @CurrentSelf() self: Self,
    @Body({ schema: emailCodesSchema }) wanted: EmailCodes,
  ): Promise<TwoFactorState> {
    return this.own.setEmailCodes(self, wanted);
  }

  /** New ones; the old ones end. */
  @Post('recovery-codes')
  @Answers(recoveryCodesSchema)
  renewRecoveryCodes(
    @CurrentSelf() self: Self,
    @Body({ schema: passwordProofSchema }) proof: PasswordProof,
  ): Promise<RecoveryCodes> {
    return this.own.renewCodes(self, proof);
  }

  @Post('disable')
  @Answers(twoFactorStateSchema)
  disableTwoFactor(
    @CurrentSelf() self: Self,
    @Body({ schema: passwordProofSchema }) proof: PasswordProof,
  ): Promise<TwoFactorState> {
    return this.own.disable(self, proof);
  }
}
