import { Inject } from '@nestjs/common';
import {
  invitationLineSchema,
  type InvitationReport,
  type InvitationReportLine,
  type InvitationRow,
  type NewInvitation,
  type Problem,
} from '@signalpost/contracts';

import { Database, type UnitOfWork } from '../../db/index.js';
import { Customers } from '../../devices/index.js';
import { ProblemError, validationProblem } from '../../http/index.js';
import type { NumberedRow } from './invitation-file.js';
import { People, type Asker } from './people.js';

/** Invites many at once. Each line stands for itself: one that is refused holds up no other, and the report says why. */
export class BulkInvitations {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Customers) private readonly customers: Customers,
    @Inject(People) private readonly people: People,
  ) {}

  async invite(asker: Asker, rows: readonly NumberedRow[]): Promise<InvitationReport> {
    const lines: InvitationReportLine[] = [];
    for (const { line, row } of rows) lines.push({ line, email: row.email, ...(await this.#inviteOne(asker, row)) });
    const invited = lines.filter(({ userId }) => userId !== null).length;
    return { invited, refused: lines.length - invited, lines };
  }

  async #inviteOne(asker: Asker, row: InvitationRow): Promise<Pick<InvitationReportLine, 'userId' | 'problem'>> {
    try {
      const userId = await this.database.transaction(async (uow) =>
        this.people.inviteIn(uow, asker, await this.#invitationOf(uow, asker, row)),
      );
      return { userId, problem: null };
    } catch (error) {
      if (error instanceof ProblemError) return { userId: null, problem: explained(error) };
      throw error;
    }
  }

  async #invitationOf(uow: UnitOfWork, { principal }: Asker, row: InvitationRow): Promise<NewInvitation> {
    const checked = invitationLineSchema.safeParse(row);
    if (!checked.success) throw validationProblem(checked.error.issues);
    const { customer, language, ...rest } = checked.data;
    const customerId = customer === '' ? null : await this.#customer(uow, principal.tenantId, customer);
    return { ...rest, customerId, language: language === '' ? null : language, sendMail: true };
  }

  async #customer(uow: UnitOfWork, tenantId: string, name: string): Promise<string> {
    const id = await this.customers.findByName(uow, tenantId, name);
    if (id !== undefined) return id;
    throw validationProblem([{ path: ['customer'], message: `There is no customer "${name}"` }]);
  }
}

/** In a report there is one sentence a line, so the errors of the fields become part of it. */
function explained(error: ProblemError): Pick<Problem, 'code' | 'title' | 'detail' | 'advice'> {
  const { code, title, advice, detail, errors = [] } = error.toProblem('');
  const fields = errors.map(({ pointer, message }) => `${pointer.slice(1)}: ${message}`);
  const sentence = [...(detail === undefined ? [] : [detail]), ...fields].join('; ');
  return { code, title, advice, ...(sentence === '' ? {} : { detail: sentence }) };
}
