import { Inject } from '@nestjs/common';
import type { Language, NewUser, Page, UserChanges, UserQuery } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import type { Principal } from '../access/index.js';
import { Database, saveRow, type Queryable, type Saved, type UnitOfWork } from '../db/index.js';
import { ProblemError, readPage } from '../http/index.js';
import { refuseLastAdministrator } from './last-administrator.js';
import { refuseWrongScope, type Membership } from './membership.js';
import { reachOf } from './reach.js';
import { toUser, USERS, type UserRecord, type UserRow } from './user-rows.js';
import { refuseFullTenant, refuseUserConflict } from './user-refusals.js';

/** Writes the table `user_account` (`SignInStates` its columns about signing in). An email address is one user in the whole system. */
export class Users {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Of the caller's own scope; for the system administrator also the administrators of `tenantId`. */
  list(principal: Principal, { search, role, customerId, tenantId, ...page }: UserQuery): Promise<Page<UserRecord>> {
    const reach = reachOf(principal, tenantId);
    const values = [
      reach.tenantId,
      reach.administratorsOnly,
      search?.toLowerCase() ?? null,
      role ?? null,
      customerId ?? null,
    ];
    return readPage(
      this.database,
      { sql: LIST, values, keys: { email: 'text', id: 'uuid' }, order: 'ASC' },
      page,
      toUser,
    );
  }

  /** @throws ProblemError `not-found`, also for a user whom the caller may not see */
  async get(db: Queryable, { tenantId, role }: Pick<Principal, 'tenantId' | 'role'>, id: string): Promise<UserRecord> {
    const user = await this.findById(db, id);
    const reachable =
      user?.tenant.id === tenantId || (role === 'system-administrator' && user?.role === 'tenant-administrator');
    if (user === undefined || !reachable)
      throw new ProblemError('not-found', { detail: 'There is no user with this id.' });
    return user;
  }

  /** In any tenant: for what acts by itself. */
  async findById(db: Queryable, id: string): Promise<UserRecord | undefined> {
    const [row] = await db.query<UserRow>(`${USERS} WHERE u.id = $1`, [id]);
    return row && toUser(row);
  }

  async findByEmail(db: Queryable, email: string): Promise<UserRecord | undefined> {
    const [row] = await db.query<UserRow>(`${USERS} WHERE lower(u.email) = lower($1)`, [email]);
    return row && toUser(row);
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
   * A new user, not activated.
   * @returns the id
   * @throws ProblemError `name-taken`, `limit-reached`, `validation-failed` for an unknown customer
   */
  async create(uow: UnitOfWork, membership: Membership, { email, name, language }: NewUser): Promise<string> {
    refuseWrongScope(membership);
    const id = uuidV7();
    const { tenantId, role, customerId } = membership;
    await uow
      .query(INSERT, [tenantId, id, email, name, role, customerId, language])
      .catch((error: unknown) => refuseUserConflict(error));
    await refuseFullTenant(uow, tenantId);
    return id;
  }

  /**
   * @param revision that the change was made on
   * @throws ProblemError `changed-meanwhile`, `last-administrator`, `managed-by-file`, `validation-failed`
   */
  async change(uow: UnitOfWork, user: UserRecord, revision: number, changes: UserChanges): Promise<void> {
    refuseManaged(user);
    if (user.revision !== revision) throw new ProblemError('changed-meanwhile');
    const { name, language, role, customerId } = changes;
    refuseWrongScope({ tenantId: user.tenant.id, role, customerId });
    if (role !== user.role) await refuseLastAdministrator(uow, user);
    const rows = await uow
      .query(CHANGE, [user.tenant.id, user.id, revision, name, language, role, customerId])
      .catch((error: unknown) => refuseUserConflict(error));
    if (rows.length === 0) throw new ProblemError('changed-meanwhile');
  }

  /** @throws ProblemError `last-administrator`, `managed-by-file` */
  async setActive(uow: UnitOfWork, user: UserRecord, active: boolean): Promise<void> {
    refuseManaged(user);
    if (!active) await refuseLastAdministrator(uow, user);
    const sql = `UPDATE user_account SET active = $3, revision = revision + 1
      WHERE tenant_id = $1 AND id = $2 AND active <> $3`;
    await uow.query(sql, [user.tenant.id, user.id, active]);
  }

  /** @throws ProblemError `last-administrator`, `managed-by-file` */
  async delete(uow: UnitOfWork, user: UserRecord): Promise<void> {
    refuseManaged(user);
    await refuseLastAdministrator(uow, user);
    await uow.query('DELETE FROM user_account WHERE tenant_id = $1 AND id = $2', [user.tenant.id, user.id]);
  }

  /** What people change about themselves. The name of a managed user stays as the file has it. */
  async setProfile(
    uow: UnitOfWork,
    userId: string,
    profile: { readonly name: string; readonly language: Language | null; readonly timeZone: string | null },
  ): Promise<void> {
    await uow.query(
      `UPDATE user_account SET name = CASE WHEN managed THEN name ELSE $2 END, language = $3, time_zone = $4,
         revision = revision + ((NOT managed AND name <> $2) OR language IS DISTINCT FROM $3)::int
       WHERE id = $1`,
      [userId, profile.name, profile.language, profile.timeZone],
    );
  }

  /** @throws ProblemError `name-taken` */
  async setEmail(uow: UnitOfWork, userId: string, email: string): Promise<void> {
    await uow
      .query('UPDATE user_account SET email = $2, revision = revision + 1 WHERE id = $1', [userId, email])
      .catch((error: unknown) => refuseUserConflict(error));
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
    const { email, name, language } = user;
    const saved = await saveRow(
      uow,
      {
        sql: UPSERT,
        values: [tenantId, uuidV7(), email, name, role, customerId, initialPasswordHash, managed, language],
      },
      {
        sql: 'SELECT id FROM user_account WHERE tenant_id = $1 AND lower(email) = lower($2)',
        values: [tenantId, email],
      },
    );
    if (saved === undefined) throw new ProblemError('name-taken', { detail: `${email} is a user of another tenant.` });
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

export function refuseManaged({ managed }: Pick<UserRecord, 'managed'>): void {
  if (managed) throw new ProblemError('managed-by-file');
}

/** Everyone of the nil tenant is a system administrator, so the scope needs no check of roles. */
const LIST = `${USERS}
  WHERE u.tenant_id = $1 AND (NOT $2 OR u.role = 'tenant-administrator')
    AND ($3::text IS NULL OR position($3 IN lower(concat_ws(E'\\n', u.email, u.name))) > 0)
    AND ($4::text IS NULL OR u.role = $4) AND ($5::uuid IS NULL OR u.customer_id = $5)`;

const INSERT = `
  INSERT INTO user_account (tenant_id, id, email, name, role, customer_id, language) VALUES ($1, $2, $3, $4, $5, $6, $7)`;

const CHANGE = `
  UPDATE user_account SET name = $4, language = $5, role = $6, customer_id = $7,
    revision = revision + ((name, language, role, customer_id) IS DISTINCT FROM ($4, $5, $6, $7::uuid))::int
  WHERE tenant_id = $1 AND id = $2 AND revision = $3 RETURNING 1`;

const UPSERT = `
  INSERT INTO user_account (tenant_id, id, email, name, role, customer_id, password_hash, managed, language, activated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $7::text IS NOT NULL THEN now() END)
  ON CONFLICT (lower(email)) DO UPDATE
    SET name = EXCLUDED.name, role = EXCLUDED.role, customer_id = EXCLUDED.customer_id, managed = EXCLUDED.managed,
      revision = user_account.revision + 1
    WHERE user_account.tenant_id = EXCLUDED.tenant_id
      AND (user_account.name, user_account.role, user_account.customer_id, user_account.managed)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.role, EXCLUDED.customer_id, EXCLUDED.managed)
  RETURNING id, xmax = 0 AS inserted`;
