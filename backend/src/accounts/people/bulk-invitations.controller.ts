import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { invitationReportSchema, invitationRowsSchema, type InvitationReport } from '@signalpost/contracts';

import { Access, CurrentActor, CurrentPrincipal, type Actor, type Principal } from '../../access/index.js';
import { Answers, validationProblem } from '../../http/index.js';
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
  @ApiBody({ schema: { oneOf: [{ $ref: '#/components/schemas/InvitationRows' }, { type: 'string' }] } })
  inviteUsers(
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<InvitationReport> {
    return this.invitations.invite({ principal, actor }, rowsOf(body));
  }
}

function rowsOf(body: unknown) {
  if (typeof body === 'string') return readInvitationFile(body);
  const parsed = invitationRowsSchema.safeParse(body);
  if (!parsed.success) throw validationProblem(parsed.error.issues);
  return numbered(parsed.data);
}
