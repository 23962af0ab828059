import { Inject } from '@nestjs/common';
import {
  newCustomerSchema,
  type Customer,
  type CustomerQuery,
  type NewCustomer,
  type Page,
} from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import type { Actor, Principal } from '../access/index.js';
import { Audit, changedFields } from '../audit/index.js';
import { Database, saveRow, type Queryable, type Saved, type UnitOfWork } from '../db/index.js';
import { ProblemError, readPage } from '../http/index.js';
import { CustomerRemoval } from './device-removal.js';

interface CustomerRow {
  id: string;
  name: string;
  counts: Customer['counts'];
  managed: boolean;
  revision: number;
  created_at: Date;
}

/** Writes the table `customer`. */
export class Customers {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CustomerRemoval) private readonly removal: CustomerRemoval,
  ) {}

  /** A customer user sees the own customer alone. */
  list({ tenantId, customerId }: Principal, { search, ...query }: CustomerQuery): Promise<Page<Customer>> {
    const sql = `${CUSTOMERS} AND ($3::text IS NULL OR position($3 IN lower(c.name)) > 0)`;
    const values = [tenantId, customerId, search?.toLowerCase() ?? null];
    return readPage(this.database, { sql, values, keys: { name: 'text' }, order: 'ASC' }, query, toCustomer);
  }

  /** @throws ProblemError `not-found`, also for a customer that the caller may not see */
  async get({ tenantId, customerId }: Principal, id: string, db: Queryable = this.database): Promise<Customer> {
    const [row] = await db.query<CustomerRow>(`${CUSTOMERS} AND c.id = $3`, [tenantId, customerId, id]);
    if (row === undefined) throw new ProblemError('not-found', { detail: 'There is no customer with this id.' });
    return toCustomer(row);
  }

  async findByName(db: Queryable, tenantId: string, name: string): Promise<string | undefined> {
    const [row] = await db.query<{ id: string }>('SELECT id FROM customer WHERE tenant_id = $1 AND name = $2', [
      tenantId,
      name,
    ]);
    return row?.id;
  }

  /** @throws ProblemError `name-taken` */
  async create(principal: Principal, { name }: NewCustomer, actor: Actor): Promise<Customer> {
    const { tenantId } = principal;
    const id = uuidV7();
    await this.database.transaction(async (uow) => {
      const sql = 'INSERT INTO customer (tenant_id, id, name) VALUES ($1, $2, $3)';
      await uow.query(sql, [tenantId, id, name]).catch(refuseConflict);
      await note(uow, tenantId, 'created', actor, undefined, { id, name });
    });
    return this.get(principal, id);
  }

  /**
   * @param revision that the change was made on
   * @throws ProblemError `not-found`, `name-taken`, `managed-by-file`, `changed-meanwhile`
   */
  async change(
    principal: Principal,
    { id, revision }: { readonly id: string; readonly revision: number },
    { name }: NewCustomer,
    actor: Actor,
  ): Promise<Customer> {
    const { tenantId } = principal;
    await this.database.transaction(async (uow) => {
      const before = await this.#changeable(uow, principal, id);
      const rows = await uow.query(CHANGE, [tenantId, id, revision, name]).catch(refuseConflict);
      if (rows.length === 0) throw new ProblemError('changed-meanwhile');
      await note(uow, tenantId, 'updated', actor, before, { id, name });
    });
    return this.get(principal, id);
  }

  /** @throws ProblemError `not-found`, `customer-in-use`, `managed-by-file` */
  async delete(principal: Principal, id: string, actor: Actor): Promise<void> {
    const { tenantId } = principal;
    await this.database.transaction(async (uow) => {
      const before = await this.#changeable(uow, principal, id);
      await this.removal.forget(uow, tenantId, id);
      await uow.query('DELETE FROM customer WHERE tenant_id = $1 AND id = $2', [tenantId, id]).catch(refuseConflict);
      await note(uow, tenantId, 'deleted', actor, before, undefined);
    });
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

  async #changeable(uow: UnitOfWork, principal: Principal, id: string): Promise<Customer> {
    const customer = await this.get(principal, id, uow);
    if (customer.managed) throw new ProblemError('managed-by-file');
    return customer;
  }
}

type Named = Pick<Customer, 'id' | 'name'>;

async function note(
  uow: UnitOfWork,
  tenantId: string,
  what: 'created' | 'updated' | 'deleted',
  actor: Actor,
  ...[before, after]: [Named | undefined, Named | undefined]
): Promise<void> {
  const { id = null, name = '' } = after ?? before ?? {};
  const fields = [before, after].map((customer) => customer && { name: customer.name });
  const changes = changedFields(newCustomerSchema, fields[0], fields[1]);
  await Audit.record(uow, {
    ...actor,
    tenantId,
    action: `customer.${what}`,
    entity: { type: 'customer', id, name },
    changes,
  });
}

/** PostgreSQL names the constraint that a row breaks: users and devices point at their customer. */
function refuseConflict(error: unknown): never {
  const constraint = error instanceof Error && 'constraint' in error ? String(error.constraint) : '';
  if (constraint === 'customer_tenant_id_name_key')
    throw new ProblemError('name-taken', { detail: 'Another customer has this name.' });
  if (constraint.endsWith('_tenant_id_customer_id_fkey')) throw new ProblemError('customer-in-use');
  throw error;
}

const CUSTOMERS = `
  SELECT c.id, c.name, c.managed, c.revision, c.created_at, jsonb_build_object(
      'users', (SELECT count(*) FROM user_account u WHERE u.tenant_id = c.tenant_id AND u.customer_id = c.id),
      'devices', (SELECT count(*) FROM device d WHERE d.tenant_id = c.tenant_id AND d.customer_id = c.id)) AS counts
  FROM customer c WHERE c.tenant_id = $1 AND ($2::uuid IS NULL OR c.id = $2)`;

const CHANGE = `
  UPDATE customer SET name = $4, revision = revision + (name <> $4)::int
  WHERE tenant_id = $1 AND id = $2 AND revision = $3 RETURNING 1`;

const UPSERT = `
  INSERT INTO customer (tenant_id, id, name, managed) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id, name) DO UPDATE SET managed = EXCLUDED.managed WHERE customer.managed <> EXCLUDED.managed
  RETURNING id, xmax = 0 AS inserted`;

const toCustomer = (row: CustomerRow): Customer => ({
  id: row.id,
  name: row.name,
  counts: row.counts,
  managed: row.managed,
  revision: row.revision,
  createdAt: row.created_at.getTime(),
});
