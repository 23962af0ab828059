import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import {
  accountNoticesSchema,
  noticeChoicesSchema,
  noticeDefaultsSchema,
  noticeDefaultsStateSchema,
  type AccountNotices,
  type NoticeChoices,
  type NoticeDefaults,
  type NoticeDefaultsState,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Answers } from '../../http/index.js';
import { Notices } from './notices.js';

@Controller('api')
@Access('system-administrator', 'tenant-administrator')
export class NoticesController {
  constructor(@Inject(Notices) private readonly notices: Notices) {}

  /** What the caller is told about, and whether that is the role's default or the caller's own choice. */
  @Get('account/notices')
  @Access('system-administrator', 'tenant-administrator', 'tenant-operator')
  @Answers(accountNoticesSchema)
  getAccountNotices(@CurrentPrincipal() principal: Principal): Promise<AccountNotices> {
    return this.notices.mine(principal);
  }

  @Put('account/notices')
  @Access('system-administrator', 'tenant-administrator', 'tenant-operator')
  @Answers(accountNoticesSchema)
  chooseAccountNotices(
    @Body({ schema: noticeChoicesSchema }) choices: NoticeChoices,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<AccountNotices> {
    return this.notices.choose(principal, choices, actor);
  }

  /** Who of the caller's scope is told what by default, a notice and role. */
  @Get('notice-defaults')
  @Answers(noticeDefaultsStateSchema)
  getNoticeDefaults(@CurrentPrincipal() { tenantId }: Principal): Promise<NoticeDefaultsState> {
    return this.notices.defaults(tenantId);
  }

  @Put('notice-defaults')
  @Answers(noticeDefaultsStateSchema)
  setNoticeDefaults(
    @Body({ schema: noticeDefaultsSchema }) defaults: NoticeDefaults,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<NoticeDefaultsState> {
    return this.notices.setDefaults(principal, defaults, actor);
  }
}
