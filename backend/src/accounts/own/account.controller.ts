import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  accountChangesSchema,
  accountSchema,
  addressChangeSchema,
  idSchema,
  passwordChangeSchema,
  sessionsEndSchema,
  signedInDevicesSchema,
  type Account,
  type AccountChanges,
  type AddressChange,
  type PasswordChange,
  type SessionsEnd,
  type SignedInDevice,
} from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';

import { Access } from '../../access/index.js';
import { Answers, AnswersNothing } from '../../http/index.js';
import { SessionCookie } from '../session-cookie.js';
import { Sessions } from '../sessions.js';
import { CurrentSelf } from './current-self.js';
import { OwnAccount, type Self } from './own-account.js';

@Controller('api/account')
@Access('signed-in')
export class AccountController {
  constructor(
    @Inject(OwnAccount) private readonly account: OwnAccount,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
  ) {}

  @Get()
  @Answers(accountSchema)
  getAccount(@CurrentSelf() { principal }: Self): Promise<Account> {
    return this.account.get(principal);
  }

  @Put()
  @Answers(accountSchema)
  changeAccount(
    @Body({ schema: accountChangesSchema }) changes: AccountChanges,
    @CurrentSelf() self: Self,
  ): Promise<Account> {
    return this.account.change(self, changes);
  }

  /** All other sessions end. */
  @Post('password')
  @AnswersNothing()
  changePassword(
    @Body({ schema: passwordChangeSchema }) change: PasswordChange,
    @CurrentSelf() self: Self,
  ): Promise<void> {
    return this.account.changePassword(self, change);
  }

  /** Sends a mail with a link to the new address, which counts once the link was used. Answers alike for every address. */
  @Post('address')
  @AnswersNothing()
  changeAddress(
    @Body({ schema: addressChangeSchema }) change: AddressChange,
    @CurrentSelf() self: Self,
  ): Promise<void> {
    return this.account.changeAddress(self, change);
  }

  /** Forgets a new address that was not confirmed yet. */
  @Delete('address')
  @AnswersNothing()
  cancelAddressChange(@CurrentSelf() self: Self): Promise<void> {
    return this.account.cancelAddressChange(self);
  }

  /** Where the account is signed in. */
  @Get('sessions')
  @Answers(signedInDevicesSchema)
  async listSessions(@CurrentSelf() { principal, sessionToken }: Self): Promise<{ items: SignedInDevice[] }> {
    return { items: await this.sessions.list(principal.userId, sessionToken) };
  }

  @Delete('sessions/:id')
  @AnswersNothing()
  endSession(@Param('id', { schema: idSchema }) id: string, @CurrentSelf() self: Self): Promise<void> {
    return this.account.endSession(self, id);
  }

  /** All other sessions; with `everywhere=true` also this one. */
  @Delete('sessions')
  @AnswersNothing()
  async endSessions(
    @Query({ schema: sessionsEndSchema }) { everywhere }: SessionsEnd,
    @CurrentSelf() self: Self,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.account.endSessions(self, everywhere);
    if (everywhere) this.cookie.clear(reply);
  }
}
