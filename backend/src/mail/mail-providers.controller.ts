import { Controller, Get } from '@nestjs/common';
import { mailProviderListSchema, type MailProviderTemplate } from '@signalpost/contracts';

import { Access, TENANT_STAFF } from '../access/index.js';
import { Answers } from '../http/index.js';
import { MAIL_PROVIDERS } from './providers/catalogue.js';

/** What the product knows about mail providers; the same for everybody. */
@Controller('api/mail/providers')
@Access('system-administrator', ...TENANT_STAFF)
export class MailProvidersController {
  @Get()
  @Answers(mailProviderListSchema)
  listMailProviders(): { items: readonly MailProviderTemplate[] } {
    return { items: MAIL_PROVIDERS };
  }
}
