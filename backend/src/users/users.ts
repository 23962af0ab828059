import { Inject } from '@nestjs/common';
import type { NewUser, Page, PageQuery, Role, User } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { SYSTEM_TENANT_ID } from '../access/index.js';
import { Database, saveRow, type Queryable, type Saved, type UnitOfWork } from '../db/index.js';
import { ProblemError, readPage } from '../http/index.js';

/** Where a user belongs and what the user may do. */
export interface Membership {
  readonly tenantId: string;
  readonly role: Role;
  /** Only and always for a customer user. */
  readonly customerId: string | null;
}

/** What signing in needs to know. */
export interface Credentials extends Membership {
  readonly userId: string;
  /** Null until the user has chosen a password. */
  readonly passwordHash: string | null;
}

interface UserRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  customer_id: string | null;
  customer_name: string | null;
  active: boolean;
  managed: boolean;
  created_at: Date;
}

/** Writes the table `user_account`. An email address is one user in the whole system. */
export class Users {
  constructor(@Inject(Database) private readonly database: Database) {}

  list(tenantId: string, query: PageQuery): Promise<Page<User>> {
    const keyset = { sql: LIST, values: [tenantId], keys: { email: 'text', id: 'uuid' }, order: 'ASC' } as const;
    return readPage(this.database, keyset, query, toUser);
  }

  async find(tenantId: string, id: string): Promise<User | undefined> {
    const [row] = await this.database.query<UserRow>(`${LIST} AND u.id = $2`, [tenantId, id]);
    return row && toUser(row);
  }

  /** Active users alone; undefined for everyone else. */
  async credentials(email: string): Promise<Credentials | undefined> {
    const [row] = await this.database.query<Credentials>(
      `SELECT id AS "userId", tenant_id AS "tenantId", role, customer_id AS "customerId", password_hash AS "passwordHash"
       FROM user_account WHERE lower(email) = lower($1) AND active`,
      [email],
    );
    return row;
  }

  async hasSystemAdministrator(db: Queryable): Promise<boolean> {
    const [row] = await db.query<{ found: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM user_account WHERE role = 'system-administrator' AND active) AS found`,
    );
    return row?.found === true;
  }

  async exists(db: Queryable, email: string): Promise<boolean> {
    const rows = await db.query('SELECT 1 FROM user_account WHERE lower(email) = lower($1)', [email]);
    return rows.length > 0;
  }

  /** True when nobody has an account yet. */
  async isEmpty(db: Queryable): Promise<boolean> {
    const [row] = await db.query<{ found: boolean }>('SELECT EXISTS (SELECT 1 FROM user_account) AS found');
    return row?.found !== true;
  }

  /**
   * Creates the user of this address, or gives an existing one this name and role.
   * @param initialPasswordHash set on creation only: a password that a person has chosen stays
   * @throws ProblemError `name-taken` when the address belongs to a user of another tenant
   */
  async save(
    uow: UnitOfWork,
    membership: Membership,
    user: NewUser,
    initialPasswordHash: string | null,
    managed: boolean,
  ): Promise<Saved> {
    refuseWrongScope(membership);
    const { tenantId, role, customerId } = membership;
    const saved = await saveRow(
      uow,
      {
        sql: UPSERT,
        values: [tenantId, uuidV7(), user.email, user.name, role, customerId, initialPasswordHash, managed],
      },
      {
        sql: 'SELECT id FROM user_account WHERE tenant_id = $1 AND lower(email) = lower($2)',
        values: [tenantId, user.email],
      },
    );
    if (saved === undefined)
      throw new ProblemError('name-taken', { detail: `${user.email} is a user of another tenant.` });
    return saved;
  }

  /** Unlocks those that the provisioning file names no more. @returns their addresses */
  async unlockExcept(uow: UnitOfWork, tenantId: string, keep: readonly string[]): Promise<readonly string[]> {
    const rows = await uow.query<{ email: string }>(
      'UPDATE user_account SET managed = false WHERE tenant_id = $1 AND managed AND id <> ALL ($2::uuid[]) RETURNING email',
      [tenantId, keep],
    );
    return rows.map((row) => row.email);
  }
}

/** System administrators stand in the system scope, everyone else in a tenant; a customer user has a customer. */
function refuseWrongScope({ tenantId, role, customerId }: Membership): void {
  const system = tenantId === SYSTEM_TENANT_ID;
  if (system === (role === 'system-administrator') && (customerId !== null) === (role === 'customer-user')) return;
  throw new Error(`A ${role} cannot be in tenant ${tenantId} with customer ${String(customerId)}`);
}

const LIST = `
  SELECT u.id, u.email, u.name, u.role, u.customer_id, c.name AS customer_name, u.active, u.managed, u.created_at
  FROM user_account u LEFT JOIN customer c ON c.tenant_id = u.tenant_id AND c.id = u.customer_id
  WHERE u.tenant_id = $1`;

const UPSERT = `
  INSERT INTO user_account (tenant_id, id, email, name, role, customer_id, password_hash, managed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (lower(email)) DO UPDATE
    SET name = EXCLUDED.name, role = EXCLUDED.role, customer_id = EXCLUDED.customer_id, managed = EXCLUDED.managed
    WHERE user_account.tenant_id = EXCLUDED.tenant_id
      AND (user_account.name, user_account.role, user_account.customer_id, user_account.managed)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.role, EXCLUDED.customer_id, EXCLUDED.managed)
  RETURNING id, xmax = 0 AS inserted`;

const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name ?? '' },
  active: row.active,
  managed: row.managed,
  createdAt: row.created_at.getTime(),
});
