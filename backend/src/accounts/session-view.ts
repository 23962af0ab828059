import { Inject } from '@nestjs/common';
import type { Demo, Session } from '@signalpost/contracts';

import type { Principal } from '../access/index.js';
import { Database } from '../db/index.js';
import { ProblemError } from '../http/index.js';

/** Who can sign in to the demo; told once at start, when it is known whether there is one. */
export class DemoAccounts {
  value: Demo | null = null;
}

type SessionRow = Session['user'] & { tenant_id: string; tenant_name: string; sandbox: boolean };

/** What the user interface knows about who is signed in. */
export class SessionView {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DemoAccounts) private readonly demo: DemoAccounts,
  ) {}

  async of({ tenantId, userId }: Pick<Principal, 'tenantId' | 'userId'>): Promise<Session> {
    const [row] = await this.database.query<SessionRow>(VIEW, [tenantId, userId]);
    if (row === undefined) throw new ProblemError('unauthenticated');
    const { tenant_id: id, tenant_name: name, sandbox, ...user } = row;
    return { user, tenant: { id, name }, sandboxInbox: sandbox, demo: this.demo.value };
  }
}

/** A tenant has an inbox when one of its mail servers is the sandbox; customer users see no inbox. */
const VIEW = `
  SELECT u.id, u.email, u.name, u.role, coalesce(u.language, t.language) AS language, u.time_zone AS "timeZone", t.id AS tenant_id, t.name AS tenant_name,
    u.role <> 'customer-user' AND EXISTS (
      SELECT 1 FROM mail_server s WHERE s.tenant_id = t.id AND s.active AND s.settings->>'provider' = 'sandbox') AS sandbox
  FROM user_account u JOIN tenant t ON t.id = u.tenant_id
  WHERE u.tenant_id = $1 AND u.id = $2`;
