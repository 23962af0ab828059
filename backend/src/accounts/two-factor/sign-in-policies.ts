import { Inject } from '@nestjs/common';
import { type Role, type SignInPolicy, type SignInPolicyInput, signInPolicyInputSchema } from '@signalpost/contracts';

import { SYSTEM_TENANT_ID, type Actor } from '../../access/index.js';
import { Audit, changedFields } from '../../audit/index.js';
import { Database, type Queryable, type Saved, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';

interface Row {
  readonly roles: Role[];
  readonly managed: boolean;
}

/** Writes the table `sign_in_policy`: of whom a second factor is asked. What the system scope asks holds in every tenant. */
export class SignInPolicies {
  constructor(@Inject(Database) private readonly database: Database) {}

  async get(tenantId: string): Promise<SignInPolicy> {
    const inherited = tenantId === SYSTEM_TENANT_ID ? undefined : await find(this.database, SYSTEM_TENANT_ID);
    const own = await find(this.database, tenantId);
    return {
      twoFactorRequiredFor: own?.roles ?? [],
      inherited: inherited?.roles ?? [],
      managed: own?.managed ?? false,
    };
  }

  async requires(tenantId: string, role: Role): Promise<boolean> {
    const { twoFactorRequiredFor, inherited } = await this.get(tenantId);
    return twoFactorRequiredFor.includes(role) || inherited.includes(role);
  }

  /** @throws ProblemError `managed-by-file` */
  async save(tenantId: string, input: SignInPolicyInput, actor: Actor): Promise<SignInPolicy> {
    await this.database.transaction(async (uow) => {
      const before = await find(uow, tenantId);
      if (before?.managed === true) throw new ProblemError('managed-by-file');
      await write(uow, tenantId, { before, input, managed: false }, actor);
    });
    return this.get(tenantId);
  }

  /** As the provisioning file has it; what is the same writes nothing. */
  async provision(
    uow: UnitOfWork,
    tenantId: string,
    input: SignInPolicyInput,
    managed: boolean,
    actor: Actor,
  ): Promise<Saved> {
    const before = await find(uow, tenantId);
    const same = before?.managed === managed && changesOf(before, input).length === 0;
    if (same) return { id: tenantId, change: 'unchanged' };
    await write(uow, tenantId, { before, input, managed }, actor);
    return { id: tenantId, change: before === undefined ? 'created' : 'updated' };
  }

  /** Unlocks it: the file names it no more. @returns whether it was locked */
  async release(uow: UnitOfWork, tenantId: string): Promise<boolean> {
    const sql = 'UPDATE sign_in_policy SET managed = false WHERE tenant_id = $1 AND managed RETURNING 1';
    return (await uow.query(sql, [tenantId])).length > 0;
  }
}

async function write(
  uow: UnitOfWork,
  tenantId: string,
  {
    before,
    input,
    managed,
  }: { readonly before: Row | undefined; readonly input: SignInPolicyInput; readonly managed: boolean },
  actor: Actor,
): Promise<void> {
  await uow.query(SAVE, [tenantId, input.twoFactorRequiredFor, managed]);
  const changes = changesOf(before, input);
  const entity = { type: 'sign-in-policy', id: null, name: '' } as const;
  if (changes.length > 0)
    await Audit.record(uow, { ...actor, tenantId, action: 'sign-in-policy.updated', entity, changes });
}

const changesOf = (before: Row | undefined, input: SignInPolicyInput) =>
  changedFields(signInPolicyInputSchema, { twoFactorRequiredFor: before?.roles ?? [] }, input);

async function find(db: Queryable, tenantId: string): Promise<Row | undefined> {
  const sql = 'SELECT two_factor_required_for AS roles, managed FROM sign_in_policy WHERE tenant_id = $1';
  const [row] = await db.query<Row>(sql, [tenantId]);
  return row;
}

const SAVE = `
  INSERT INTO sign_in_policy (tenant_id, two_factor_required_for, managed) VALUES ($1, $2, $3)
  ON CONFLICT (tenant_id) DO UPDATE
    SET two_factor_required_for = EXCLUDED.two_factor_required_for, managed = EXCLUDED.managed`;
