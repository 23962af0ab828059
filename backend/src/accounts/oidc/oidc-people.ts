import { Inject } from '@nestjs/common';
import { labelSchema, type IdentityProviderSettings, type OidcRefusal } from '@signalpost/contracts';

import { SYSTEM_ACTOR } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import { Database, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { SignInStates, Users, type UserRecord } from '../../users/index.js';
import type { Identity } from './oidc-clients.js';

/** Nobody is signed in. */
export class OidcRefused extends Error {
  constructor(readonly refusal: OidcRefusal) {
    super(refusal);
  }
}

/**
 * Whose account an identity is. An account is found by the subject that it was tied to before, since addresses change hands;
 * the first time by its address, which the provider has to have verified, of a domain that it speaks for. It never leaves its tenant.
 */
export class OidcPeople {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(SignInStates) private readonly states: SignInStates,
  ) {}

  /** @throws OidcRefused */
  async accountOf(
    tenantId: string,
    settings: IdentityProviderSettings,
    identity: Identity,
  ): Promise<{ tenantId: string; userId: string }> {
    return this.database.transaction(async (uow) => {
      const known = await this.#byLink(uow, tenantId, identity);
      const user = known ?? (await this.#byAddress(uow, tenantId, settings, identity));
      if (!user.active) throw new OidcRefused('inactive');
      if (known === undefined) await uow.query(LINK, [tenantId, identity.issuer, identity.subject, user.id]);
      await this.states.noteActivated(uow, user.id);
      return { tenantId, userId: user.id };
    });
  }

  async #byLink(uow: UnitOfWork, tenantId: string, { issuer, subject }: Identity): Promise<UserRecord | undefined> {
    const [row] = await uow.query<{ id: string }>(
      'SELECT user_id AS id FROM identity_link WHERE tenant_id = $1 AND issuer = $2 AND subject = $3',
      [tenantId, issuer, subject],
    );
    return row && this.users.findById(uow, row.id);
  }

  async #byAddress(
    uow: UnitOfWork,
    tenantId: string,
    settings: IdentityProviderSettings,
    { email, emailVerified, name }: Identity,
  ): Promise<UserRecord> {
    if (email === undefined || emailVerified === false) throw new OidcRefused('unverified');
    if (emailVerified === undefined && !settings.trustMissingEmailVerified) throw new OidcRefused('not-said');
    const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
    if (!settings.allowedDomains.includes(domain)) throw new OidcRefused('domain');
    const user = await this.users.findByEmail(uow, email);
    if (user?.tenant.id === tenantId) return user;
    if (user !== undefined || settings.newUsers === 'refuse') throw new OidcRefused('no-account');
    return this.#create(uow, tenantId, settings, email, name);
  }

  async #create(
    uow: UnitOfWork,
    tenantId: string,
    { role, customerId }: IdentityProviderSettings,
    email: string,
    name: string,
  ): Promise<UserRecord> {
    const label = labelSchema.safeParse(name);
    const fields = { email, name: label.success ? label.data : '', language: null };
    const id = await this.users.create(uow, { tenantId, role, customerId }, fields).catch((error: unknown) => {
      if (error instanceof ProblemError) throw new OidcRefused('no-account'); // the tenant is full, or the customer is gone
      throw error;
    });
    const user = await this.users.findById(uow, id);
    if (user === undefined) throw new OidcRefused('no-account');
    const entity = { type: 'user', id, name: email } as const;
    await Audit.record(uow, { ...SYSTEM_ACTOR, tenantId, action: 'user.created', entity });
    return user;
  }
}

const LINK = `
  INSERT INTO identity_link (tenant_id, issuer, subject, user_id) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id, issuer, subject) DO UPDATE SET user_id = EXCLUDED.user_id`;
