import { Inject } from '@nestjs/common';
import { tenantLimitsSchema, type NewTenant, type Page, type PageQuery, type Tenant } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { Database, saveRow, type Queryable, type Saved, type UnitOfWork } from '../db/index.js';
import { ProblemError, readPage } from '../http/index.js';

interface TenantRow {
  id: string;
  name: string;
  limits: unknown;
  managed: boolean;
  created_at: Date;
}

/** Writes the table `tenant`. The system scope is a row of it that nobody lists or changes. */
export class Tenants {
  constructor(@Inject(Database) private readonly database: Database) {}

  list(query: PageQuery): Promise<Page<Tenant>> {
    const sql = `SELECT id, name, limits, managed, created_at FROM tenant WHERE kind = 'tenant'`;
    return readPage(this.database, { sql, values: [], keys: { name: 'text' }, order: 'ASC' }, query, toTenant);
  }

  /** Creates the tenant of this name, or makes it like this. */
  async save(uow: UnitOfWork, tenant: NewTenant, managed: boolean): Promise<Saved> {
    const saved = await saveRow(
      uow,
      { sql: UPSERT, values: [uuidV7(), tenant.name, JSON.stringify(tenant.limits), managed] },
      { sql: `SELECT id FROM tenant WHERE name = $1 AND kind = 'tenant'`, values: [tenant.name] },
    );
    if (saved === undefined)
      throw new ProblemError('name-taken', { detail: `"${tenant.name}" is the name of the system scope.` });
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
}

const UPSERT = `
  INSERT INTO tenant (id, name, kind, limits, managed) VALUES ($1, $2, 'tenant', $3::jsonb, $4)
  ON CONFLICT (name) DO UPDATE SET limits = EXCLUDED.limits, managed = EXCLUDED.managed
  WHERE tenant.kind = 'tenant' AND (tenant.limits, tenant.managed) IS DISTINCT FROM (EXCLUDED.limits, EXCLUDED.managed)
  RETURNING id, xmax = 0 AS inserted`;

const toTenant = (row: TenantRow): Tenant => ({
  id: row.id,
  name: row.name,
  limits: tenantLimitsSchema.parse(row.limits),
  managed: row.managed,
  createdAt: row.created_at.getTime(),
});
