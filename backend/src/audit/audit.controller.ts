import { Readable } from 'node:stream';

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import {
  auditExportQuerySchema,
  auditPageSchema,
  auditQuerySchema,
  type AuditEvent,
  type AuditExportQuery,
  type AuditQuery,
  type Page,
} from '@signalpost/contracts';
import type { FastifyReply } from 'fastify';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../access/index.js';
import { Answers } from '../http/index.js';
import { AuditLog } from './audit-log.js';
import { EXPORT_FORMATS, exportText } from './export-lines.js';

@Controller('api/audit')
@Access('system-administrator', 'tenant-administrator')
export class AuditController {
  constructor(@Inject(AuditLog) private readonly log: AuditLog) {}

  /** Newest first: the log of the caller's tenant; for a system administrator, the system's and what its people did to tenants. */
  @Get()
  @Answers(auditPageSchema)
  listAuditEvents(
    @Query({ schema: auditQuerySchema }) query: AuditQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<AuditEvent>> {
    return this.log.list(principal, query);
  }

  /** The same as a file for spreadsheets (CSV) or programs (a JSON text a line), up to 100,000 events. */
  @Get('export')
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiResponse({ status: 200, description: 'A file', schema: { type: 'string' } })
  async exportAuditEvents(
    @Query({ schema: auditExportQuerySchema }) { format, ...filter }: AuditExportQuery,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() by: Actor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const events = await this.log.export(principal, filter, by);
    const name = `audit-${new Date().toISOString().slice(0, 10)}.${format}`;
    await reply
      .type(EXPORT_FORMATS[format].mediaType)
      .header('Content-Disposition', `attachment; filename="${name}"`)
      .header('Cache-Control', 'no-store')
      .send(Readable.from(exportText(events, format)));
  }
}
