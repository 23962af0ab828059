import { tenantLimitsSchema, type TenantLimits } from '@signalpost/contracts';
import type { MailServerChoice } from '@signalpost/rule-nodes/runtime';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Queryable } from '../../db/index.js';
import { mailFailure, type MailFailure } from '../failures.js';

/** A server by its key; the tenant tells the system's servers from the tenants' own. */
export interface ServerRef {
  readonly tenantId: string;
  readonly id: string;
}

/** What a tenant may send over, as of one statement. */
export interface ServerChoices {
  readonly limits: TenantLimits;
  /** Mails that the tenant may still send over the system's server today. */
  readonly systemMailsLeft: number;
  choose(choice: MailServerChoice): ServerRef | MailFailure;
}

interface ChoicesRow {
  readonly limits: unknown;
  readonly own: string | null;
  readonly system: string | null;
  readonly system_mails: number;
  readonly named: string[];
  /** Successors of named servers that were deleted. */
  readonly successors: Readonly<Record<string, string>>;
}

/** @param named ids that nodes name; others are not found */
export async function loadServerChoices(
  db: Queryable,
  tenantId: string,
  named: readonly string[],
): Promise<ServerChoices> {
  const [row] = await db.query<ChoicesRow>(
    {
      name: 'mail-server-choices',
      text: `SELECT t.limits,
        (SELECT id FROM mail_server WHERE tenant_id = $1 AND is_default AND active) AS own,
        (SELECT id FROM mail_server WHERE tenant_id = $2 AND is_default AND active) AS system,
        (SELECT coalesce(sum(mails), 0)::int FROM system_mail_count
          WHERE tenant_id = $1 AND day = (now() AT TIME ZONE 'UTC')::date) AS system_mails,
        ARRAY(SELECT id FROM mail_server WHERE tenant_id = $1 AND active AND id = ANY ($3::uuid[])) AS named,
        (SELECT coalesce(jsonb_object_agg(x.server_id, x.successor_id), '{}') FROM mail_server_successor x
          JOIN mail_server s ON (s.tenant_id, s.id) = (x.tenant_id, x.successor_id) AND s.active
          WHERE x.tenant_id = $1 AND x.server_id = ANY ($3::uuid[])) AS successors
      FROM tenant t WHERE t.id = $1`,
    },
    [tenantId, SYSTEM_TENANT_ID, named],
  );
  const limits = tenantLimitsSchema.parse(row?.limits ?? {});
  const systemMailsLeft = (limits.systemMailsPerDay ?? Infinity) - (row?.system_mails ?? 0);
  return { limits, systemMailsLeft, choose: (choice) => choose(tenantId, choice, limits, row) };
}

function choose(
  tenantId: string,
  choice: MailServerChoice,
  limits: TenantLimits,
  row: ChoicesRow | undefined,
): ServerRef | MailFailure {
  if (choice.use === 'named') {
    const id = row?.named.includes(choice.serverId) === true ? choice.serverId : row?.successors[choice.serverId];
    return id === undefined ? mailFailure('mail-server-missing') : { tenantId, id };
  }
  const system = choice.use === 'system' && limits.mayUseSystemMail ? row?.system : undefined;
  if (system) return { tenantId: SYSTEM_TENANT_ID, id: system };
  return row?.own ? { tenantId, id: row.own } : mailFailure('no-mail-server');
}

/** A system server sends for many tenants: what a tenant's draft may say is less. */
export const isSystemServer = (server: ServerRef): boolean => server.tenantId === SYSTEM_TENANT_ID;

export const isFailure = (choice: ServerRef | MailFailure): choice is MailFailure => 'code' in choice;
