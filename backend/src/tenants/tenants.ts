import { Inject } from '@nestjs/common';
import {
  newTenantSchema,
  tenantLimitsSchema,
  type Language,
  type NewTenant,
  type Page,
  type Tenant,
  type TenantQuery,
} from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { SYSTEM_TENANT_ID, type Actor } from '../access/index.js';
import { Audit, changedFields } from '../audit/index.js';
import { Database, saveRow, type Queryable, type Saved, type UnitOfWork } from '../db/index.js';
import { EventBus } from '../http/events/index.js';
import { ProblemError, readPage } from '../http/index.js';
import { TenantRemoval } from './tenant-removal.js';

interface TenantRow {
  id: string;
  name: string;
  language: Language;
  limits: unknown;
  counts: Tenant['counts'];
  managed: boolean;
  revision: number;
  created_at: Date;
}

/** Writes the table `tenant`. The system scope is a row of it that nobody lists or changes. */
export class Tenants {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EventBus) private readonly events: EventBus,
    @Inject(TenantRemoval) private readonly removal: TenantRemoval,
  ) {}

  list({ search, ...query }: TenantQuery): Promise<Page<Tenant>> {
    const sql = `${TENANTS} AND ($1::text IS NULL OR position($1 IN lower(t.name)) > 0)`;
    const values = [search?.toLowerCase() ?? null];
    return readPage(this.database, { sql, values, keys: { name: 'text' }, order: 'ASC' }, query, toTenant);
  }

  /** @throws ProblemError `not-found` */
  async get(id: string, db: Queryable = this.database): Promise<Tenant> {
    const [row] = await db.query<TenantRow>(`${TENANTS} AND t.id = $1`, [id]);
    if (row === undefined) throw new ProblemError('not-found', { detail: 'There is no tenant with this id.' });
    return toTenant(row);
  }

  /** @throws ProblemError `name-taken` */
  async create(tenant: NewTenant, actor: Actor): Promise<Tenant> {
    const id = uuidV7();
    await this.database.transaction(async (uow) => {
      const values = [id, tenant.name, tenant.language, JSON.stringify(tenant.limits)];
      await uow.query(INSERT, values).catch(refuseConflict);
      await this.#note(uow, { id, name: tenant.name }, 'created', actor, undefined, tenant);
    });
    return this.get(id);
  }

  /**
   * @param revision that the change was made on
   * @throws ProblemError `not-found`, `name-taken`, `managed-by-file`, `changed-meanwhile`
   */
  async change(
    { id, revision }: { readonly id: string; readonly revision: number },
    changes: NewTenant,
    actor: Actor,
  ): Promise<Tenant> {
    await this.database.transaction(async (uow) => {
      const before = await this.#locked(uow, id);
      if (before.revision !== revision) throw new ProblemError('changed-meanwhile');
      const values = [id, changes.name, changes.language, JSON.stringify(changes.limits)];
      await uow.query(CHANGE, values).catch(refuseConflict);
      await this.#note(uow, { id, name: changes.name }, 'updated', actor, before, changes);
    });
    return this.get(id);
  }

  /**
   * With everything in it; only the audit log stays. What may be very much and nobody sees any more (history, logs) follows in
   * parts: see `TenantSweep`.
   * @param confirm the tenant's name
   * @throws ProblemError `not-found`, `not-confirmed`, `managed-by-file`
   */
  async delete(id: string, confirm: string, actor: Actor): Promise<void> {
    await this.database.transaction(async (uow) => {
      const tenant = await this.#locked(uow, id);
      if (confirm !== tenant.name) throw new ProblemError('not-confirmed');
      await this.removal.forget(uow, id);
      await uow.query('DELETE FROM tenant WHERE id = $1', [id]);
      await uow.query('INSERT INTO deleted_tenant (id) VALUES ($1)', [id]);
      await this.#note(uow, tenant, 'deleted', actor, tenant, undefined);
    });
  }

  /** Creates the tenant of this name, or makes it like this. */
  async save(uow: UnitOfWork, tenant: NewTenant, managed: boolean): Promise<Saved> {
    const { name, language, limits } = tenant;
    const saved = await saveRow(
      uow,
      { sql: UPSERT, values: [uuidV7(), name, JSON.stringify(limits), managed, language] },
      { sql: `SELECT id FROM tenant WHERE name = $1 AND kind = 'tenant'`, values: [name] },
    );
    if (saved === undefined)
      throw new ProblemError('name-taken', { detail: `"${name}" is the name of the system scope.` });
    return saved;
  }

  /** Tenants that the provisioning file named at some time. */
  async managed(uow: UnitOfWork): Promise<readonly { id: string; name: string }[]> {
    return uow.query<{ id: string; name: string }>('SELECT id, name FROM tenant WHERE managed ORDER BY name');
  }

  async isEmpty(db: Queryable): Promise<boolean> {
    const rows = await db.query(`SELECT 1 FROM tenant WHERE kind = 'tenant' LIMIT 1`);
    return rows.length === 0;
  }

  async unlock(uow: UnitOfWork, id: string): Promise<void> {
    await uow.query('UPDATE tenant SET managed = false WHERE id = $1', [id]);
  }

  async #locked(uow: UnitOfWork, id: string): Promise<Tenant> {
    await uow.query('SELECT 1 FROM tenant WHERE id = $1 FOR UPDATE', [id]);
    const tenant = await this.get(id, uow);
    if (tenant.managed) throw new ProblemError('managed-by-file');
    return tenant;
  }

  /** In the log of the system, as the tenant's own goes with it. */
  async #note(
    uow: UnitOfWork,
    { id, name }: Pick<Tenant, 'id' | 'name'>,
    what: 'created' | 'updated' | 'deleted',
    actor: Actor,
    ...[before, after]: [NewTenant | undefined, NewTenant | undefined]
  ): Promise<void> {
    const fields = [before, after].map((tenant) => tenant && newTenantSchema.parse(pick(tenant)));
    await Audit.record(uow, {
      ...actor,
      tenantId: SYSTEM_TENANT_ID,
      action: `tenant.${what}`,
      entity: { type: 'tenant', id, name },
      changes: changedFields(newTenantSchema, fields[0], fields[1]),
    });
    uow.afterCommit(() => this.events.publish(SYSTEM_TENANT_ID, 'tenants', what, id));
  }
}

const pick = ({ name, language, limits }: NewTenant): NewTenant => ({ name, language, limits });

function refuseConflict(error: unknown): never {
  const constraint = error instanceof Error && 'constraint' in error ? error.constraint : undefined;
  if (constraint === 'tenant_name_key')
    throw new ProblemError('name-taken', { detail: 'Another tenant, or the system scope, has this name.' });
  throw error;
}

const COUNTS = `
  jsonb_build_object(
    'administrators', (SELECT count(*) FROM user_account u WHERE u.tenant_id = t.id AND u.role = 'tenant-administrator'),
    'users', (SELECT count(*) FROM user_account u WHERE u.tenant_id = t.id),
    'devices', (SELECT count(*) FROM device d WHERE d.tenant_id = t.id),
    'customers', (SELECT count(*) FROM customer c WHERE c.tenant_id = t.id))`;

const TENANTS = `
  SELECT t.id, t.name, t.language, t.limits, t.managed, t.revision, t.created_at, ${COUNTS} AS counts
  FROM tenant t WHERE t.kind = 'tenant'`;

const INSERT = `INSERT INTO tenant (id, name, kind, language, limits) VALUES ($1, $2, 'tenant', $3, $4::jsonb)`;

const CHANGE = `
  UPDATE tenant SET name = $2, language = $3, limits = $4::jsonb,
    revision = revision + ((name, language, limits) IS DISTINCT FROM ($2, $3, $4::jsonb))::int
  WHERE id = $1`;

const UPSERT = `
  INSERT INTO tenant (id, name, kind, limits, managed, language) VALUES ($1, $2, 'tenant', $3::jsonb, $4, $5)
  ON CONFLICT (name) DO UPDATE SET limits = EXCLUDED.limits, managed = EXCLUDED.managed, language = EXCLUDED.language,
    revision = tenant.revision + 1
  WHERE tenant.kind = 'tenant' AND (tenant.limits, tenant.managed, tenant.language)
    IS DISTINCT FROM (EXCLUDED.limits, EXCLUDED.managed, EXCLUDED.language)
  RETURNING id, xmax = 0 AS inserted`;

const toTenant = (row: TenantRow): Tenant => ({
  id: row.id,
  name: row.name,
  language: row.language,
  limits: tenantLimitsSchema.parse(row.limits),
  counts: row.counts,
  managed: row.managed,
  revision: row.revision,
  createdAt: row.created_at.getTime(),
});
