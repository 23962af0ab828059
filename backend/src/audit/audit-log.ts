import { Inject } from '@nestjs/common';
import {
  MAX_AUDIT_EXPORT,
  MAX_PAGE_SIZE,
  type AuditEvent,
  type AuditFilter,
  type AuditQuery,
  type Page,
} from '@signalpost/contracts';

import { SYSTEM_TENANT_ID, type Actor, type Principal } from '../access/index.js';
import { Database } from '../db/index.js';
import { ProblemError, readPage, type Keyset } from '../http/index.js';
import { Audit } from './audit.js';

type EventRow = Pick<AuditEvent, 'id' | 'actor' | 'source' | 'action' | 'changes'> & {
  at: Date;
  tenant_id: string;
  tenant_name: string | null;
  entity_type: AuditEvent['entity']['type'];
  entity_id: string | null;
  entity_name: string;
};

/** Reads the table `audit_event`. A tenant sees its own log; the system sees its own and what its people did to tenants. */
export class AuditLog {
  constructor(@Inject(Database) private readonly database: Database) {}

  list({ tenantId }: Principal, { cursor, limit, ...filter }: AuditQuery): Promise<Page<AuditEvent>> {
    return readPage(this.database, keysetOf(tenantId, filter), { cursor, limit }, toEvent);
  }

  /**
   * Everything that the filter lets through, page by page, newest first; that it was asked for is written down.
   * @throws ProblemError `audit-export-too-large`
   */
  async export({ tenantId }: Principal, filter: AuditFilter, by: Actor): Promise<AsyncGenerator<AuditEvent>> {
    const { sql, values } = keysetOf(tenantId, filter);
    const [row] = await this.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (${sql} LIMIT ${MAX_AUDIT_EXPORT + 1}) found`,
      values,
    );
    if ((row?.count ?? 0) > MAX_AUDIT_EXPORT) throw new ProblemError('audit-export-too-large');
    const until = Date.now();
    await this.database.transaction((uow) =>
      Audit.record(uow, { ...by, tenantId, action: 'audit.exported', entity: { type: 'audit', id: null, name: '' } }),
    );
    return this.#pages(tenantId, { ...filter, to: Math.min(filter.to ?? until, until) });
  }

  async *#pages(tenantId: string, filter: AuditFilter): AsyncGenerator<AuditEvent> {
    let cursor: string | undefined;
    do {
      const query = { limit: MAX_PAGE_SIZE * 10, cursor };
      const page = await readPage(this.database, keysetOf(tenantId, filter), query, toEvent);
      yield* page.items;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
}

/** A condition for each filter; `$` becomes the number of its value. */
const CONDITIONS: Readonly<Record<keyof AuditFilter, string>> = {
  from: 'e.at >= to_timestamp($::float8 / 1000)',
  to: 'e.at < to_timestamp($::float8 / 1000)',
  actor: `position(lower($) IN lower(concat_ws(E'\\n', e.actor->>'email', e.actor->>'tokenName'))) > 0`,
  actorKind: `e.actor->>'kind' = $`,
  action: 'e.action = $',
  entityType: 'e.entity_type = $',
  entityId: 'e.entity_id = $',
  tenantId: 'e.tenant_id = $::uuid',
  text: `position(lower($) IN lower(concat_ws(E'\\n', e.entity_name, e.actor->>'email', e.actor->>'tokenName', e.source))) > 0`,
};

function keysetOf(tenantId: string, filter: AuditFilter): Keyset {
  const scope = tenantId === SYSTEM_TENANT_ID ? ['e.shown_to_system'] : ['e.tenant_id = $1'];
  const values: unknown[] = tenantId === SYSTEM_TENANT_ID ? [] : [tenantId];
  for (const [field, condition] of Object.entries(CONDITIONS)) {
    const value = filter[field as keyof AuditFilter]; // a key of the record that is typed by it
    if (value === undefined || value === '') continue;
    values.push(value);
    scope.push(condition.replace('$', `$${values.length}`));
  }
  const sql = `${SELECT} WHERE ${scope.join(' AND ')}`;
  return { sql, values, keys: { at: 'timestamptz', id: 'uuid' }, order: 'DESC' };
}

const SELECT = `
  SELECT e.id, e.at, e.tenant_id, t.name AS tenant_name, e.actor, e.source, e.action, e.entity_type, e.entity_id,
    e.entity_name, e.changes
  FROM audit_event e LEFT JOIN tenant t ON t.id = e.tenant_id`;

const toEvent = (row: EventRow): AuditEvent => ({
  id: row.id,
  at: row.at.getTime(),
  tenant: { id: row.tenant_id, name: row.tenant_name ?? '' },
  actor: row.actor,
  source: row.source,
  action: row.action,
  entity: { type: row.entity_type, id: row.entity_id, name: row.entity_name },
  changes: row.changes,
});
