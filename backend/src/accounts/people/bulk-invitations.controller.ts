import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import {
  invitationReportSchema,
  invitationsSchema,
  type InvitationReport,
  type InvitationRows,
} from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Answers } from '../../http/index.js';
import { BulkInvitations } from './bulk-invitations.js';
import { numbered, readInvitationFile } from './invitation-file.js';

@Controller('api/users/invitations')
@Access('tenant-administrator')
export class BulkInvitationsController {
  constructor(@Inject(BulkInvitations) private readonly invitations: BulkInvitations) {}

  /** Invites many at once: rows as JSON, or a CSV file whose first line names the columns. The report has a line for each. */
  @Post()
  @Answers(invitationReportSchema)
  @ApiConsumes('application/json', 'text/csv')
  inviteUsers(
    @Body({ schema: invitationsSchema }) body: InvitationRows | string,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<InvitationReport> {
    return this.invitations.invite({ principal, actor }, rowsOf(body));
  }
}

const rowsOf = (body: InvitationRows | string) =>
  typeof body === 'string' ? readInvitationFile(body) : numbered(body);
