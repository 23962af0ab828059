import { Inject } from '@nestjs/common';
import { type Role, type SignInPolicy, type SignInPolicyInput, signInPolicyInputSchema } from '@signalpost/contracts';

import { SYSTEM_TENANT_ID, type Actor } from '../../access/index.js';
import { Audit, changedFields } from '../../audit/index.js';
import { Database, type Queryable } from '../../db/index.js';

/** Writes the table `sign_in_policy`: of whom a second factor is asked. What the system scope asks holds in every tenant. */
export class SignInPolicies {
  constructor(@Inject(Database) private readonly database: Database) {}

  async get(tenantId: string): Promise<SignInPolicy> {
    const inherited = tenantId === SYSTEM_TENANT_ID ? [] : await rolesOf(this.database, SYSTEM_TENANT_ID);
    return { twoFactorRequiredFor: await rolesOf(this.database, tenantId), inherited };
  }

  async requires(tenantId: string, role: Role): Promise<boolean> {
    const { twoFactorRequiredFor, inherited } = await this.get(tenantId);
    return twoFactorRequiredFor.includes(role) || inherited.includes(role);
  }

  async save(tenantId: string, input: SignInPolicyInput, actor: Actor): Promise<SignInPolicy> {
    await this.database.transaction(async (uow) => {
      const before = { twoFactorRequiredFor: await rolesOf(uow, tenantId) };
      await uow.query(SAVE, [tenantId, input.twoFactorRequiredFor]);
      const changes = changedFields(signInPolicyInputSchema, before, input);
      const entity = { type: 'sign-in-policy', id: null, name: '' } as const;
      if (changes.length > 0)
        await Audit.record(uow, { ...actor, tenantId, action: 'sign-in-policy.updated', entity, changes });
    });
    return this.get(tenantId);
  }
}

async function rolesOf(db: Queryable, tenantId: string): Promise<Role[]> {
  const [row] = await db.query<{ roles: Role[] }>(
    'SELECT two_factor_required_for AS roles FROM sign_in_policy WHERE tenant_id = $1',
    [tenantId],
  );
  return row?.roles ?? [];
}

const SAVE = `
  INSERT INTO sign_in_policy (tenant_id, two_factor_required_for) VALUES ($1, $2)
  ON CONFLICT (tenant_id) DO UPDATE SET two_factor_required_for = EXCLUDED.two_factor_required_for`;
