import { Controller, Get, Inject } from '@nestjs/common';
import { activeNoticesSchema, type ActiveNotice } from '@signalpost/contracts';

import { Access, CurrentPrincipal, type Principal } from '../../access/index.js';
import { Answers } from '../../http/index.js';
import { ActiveNotices } from './active-notices.js';

/** What is wrong and can be put right by who asks. */
@Controller('api/notices')
@Access('system-administrator', 'tenant-administrator')
export class NoticesController {
  constructor(@Inject(ActiveNotices) private readonly notices: ActiveNotices) {}

  @Get()
  @Answers(activeNoticesSchema)
  async listNotices(@CurrentPrincipal() { tenantId }: Principal): Promise<{ items: ActiveNotice[] }> {
    return { items: await this.notices.of(tenantId) };
  }
}
