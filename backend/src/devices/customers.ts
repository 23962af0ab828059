import { Inject } from '@nestjs/common';
import type { Customer, NewCustomer, Page, PageQuery } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import type { Principal } from '../access/index.js';
import { Database, saveRow, type Saved, type UnitOfWork } from '../db/index.js';
import { ProblemError, readPage } from '../http/index.js';

interface CustomerRow {
  id: string;
  name: string;
  managed: boolean;
  created_at: Date;
}

/** Writes the table `customer`. */
export class Customers {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** A customer user sees the own customer alone. */
  list({ tenantId, customerId }: Principal, query: PageQuery): Promise<Page<Customer>> {
    const sql = `SELECT id, name, managed, created_at FROM customer WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id = $2)`;
    const keyset = { sql, values: [tenantId, customerId], keys: { name: 'text' }, order: 'ASC' } as const;
    return readPage(this.database, keyset, query, toCustomer);
  }

  /** Creates the customer of this name, or makes it like this. */
  async save(uow: UnitOfWork, tenantId: string, customer: NewCustomer, managed: boolean): Promise<Saved> {
    const saved = await saveRow(
      uow,
      { sql: UPSERT, values: [tenantId, uuidV7(), customer.name, managed] },
      { sql: 'SELECT id FROM customer WHERE tenant_id = $1 AND name = $2', values: [tenantId, customer.name] },
    );
    if (saved === undefined) throw new ProblemError('name-taken');
    return saved;
  }

  /** Unlocks those that the provisioning file names no more. @returns their names */
  async unlockExcept(uow: UnitOfWork, tenantId: string, keep: readonly string[]): Promise<readonly string[]> {
    const rows = await uow.query<{ name: string }>(
      'UPDATE customer SET managed = false WHERE tenant_id = $1 AND managed AND id <> ALL ($2::uuid[]) RETURNING name',
      [tenantId, keep],
    );
    return rows.map((row) => row.name);
  }
}

const UPSERT = `
  INSERT INTO customer (tenant_id, id, name, managed) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id, name) DO UPDATE SET managed = EXCLUDED.managed WHERE customer.managed <> EXCLUDED.managed
  RETURNING id, xmax = 0 AS inserted`;

const toCustomer = (row: CustomerRow): Customer => ({
  id: row.id,
  name: row.name,
  managed: row.managed,
  createdAt: row.created_at.getTime(),
});
