import { Controller, Get, Inject } from '@nestjs/common';
import { mailServerListSchema, type MailServerSummary } from '@signalpost/contracts';

import { Access, CurrentPrincipal, TENANT_STAFF, type Principal } from '../access/index.js';
import { Database } from '../db/index.js';
import { Answers } from '../http/index.js';
import { MailServers } from './servers/mail-servers.js';

/** The mail servers of who asks: of the tenant, or of the system. */
@Controller('api/mail/servers')
@Access('system-administrator', ...TENANT_STAFF)
export class MailServersController {
  constructor(
    @Inject(MailServers) private readonly servers: MailServers,
    @Inject(Database) private readonly db: Database,
  ) {}

  @Get()
  @Answers(mailServerListSchema)
  async listMailServers(@CurrentPrincipal() { tenantId }: Principal): Promise<{ items: MailServerSummary[] }> {
    return { items: await this.servers.list(this.db, tenantId) };
  }
}
