import { Inject } from '@nestjs/common';

import { PROVISIONING_ACTOR, SYSTEM_TENANT_ID } from '../access/index.js';
import { AccountMails, IdentityProviders, Notices, Passwords, SignInPolicies } from '../accounts/index.js';
import { CLOCK, Database, type Clock, type UnitOfWork } from '../db/index.js';
import { Customers, Devices } from '../devices/index.js';
import { Connectors, MailServers, NamedSecrets, OAuthApplications } from '../mail/index.js';
import { RuleChains } from '../rule-chains/index.js';
import { Tenants } from '../tenants/index.js';
import { Users } from '../users/index.js';
import { Application } from './application.js';
import { MailServerProvisioner } from './provision-mail-servers.js';
import { SignInProvisioner } from './provision-sign-in.js';
import { TenantProvisioning, type TenantRooms } from './provision-tenant.js';
import { UserProvisioner } from './provision-users.js';
import { noteProvisioned } from './provisioning-audit.js';
import type { SystemEntry, TenantEntry } from './provisioning-file.js';
import type { LoadedFile } from './read-file.js';
import type { ProvisioningResult } from './result.js';

/** Two processes that apply at once do so one after the other. */
const PROVISIONING_LOCK = 7_301_104;

const SYSTEM_SCOPE = { tenantId: SYSTEM_TENANT_ID, name: 'the system' };

/**
 * Brings the database to what a file says: one transaction, objects found by their natural key, equal ones not touched.
 * What the file names is managed (locked for people); what it named before and names no more is unlocked, never deleted.
 */
export class Provisioning {
  readonly #rooms: TenantRooms;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(Tenants) tenants: Tenants,
    @Inject(Users) private readonly users: Users,
    @Inject(Passwords) passwords: Passwords,
    @Inject(AccountMails) mails: Pick<AccountMails, 'invitation'>,
    @Inject(Customers) customers: Customers,
    @Inject(Devices) devices: Devices,
    @Inject(MailServers) mailServers: MailServers,
    @Inject(RuleChains) ruleChains: RuleChains,
    @Inject(NamedSecrets) secrets: NamedSecrets,
    @Inject(Connectors) connectors: Connectors,
    @Inject(OAuthApplications) applications: OAuthApplications,
    @Inject(SignInPolicies) policies: SignInPolicies,
    @Inject(Notices) notices: Notices,
    @Inject(IdentityProviders) identityProviders: IdentityProviders,
  ) {
    const provisioners = {
      users: new UserProvisioner(users, passwords, mails),
      mailServers: new MailServerProvisioner({ servers: mailServers, secrets, connectors, applications }),
      signIn: new SignInProvisioner({ policies, notices, identityProviders }),
    };
    this.#rooms = { tenants, customers, devices, ruleChains, clock, ...provisioners };
  }

  /** @throws ProvisioningError when something in the file is refused; nothing is changed then */
  apply(file: LoadedFile): Promise<ProvisioningResult> {
    return this.#inTransaction((uow) => this.#applyAll(new Application(uow, file, true)));
  }

  /** Fills a database that has no user and no tenant; what it makes is not managed. @returns undefined when there was something */
  fillEmpty(file: LoadedFile): Promise<ProvisioningResult | undefined> {
    return this.#inTransaction(async (uow) => {
      const empty = (await this.users.isEmpty(uow)) && (await this.#rooms.tenants.isEmpty(uow));
      return empty ? this.#applyAll(new Application(uow, file, false)) : undefined;
    });
  }

  #inTransaction<T>(work: (uow: UnitOfWork) => Promise<T>): Promise<T> {
    return this.database.transaction(async (uow) => {
      await uow.query('SELECT pg_advisory_xact_lock($1)', [PROVISIONING_LOCK]);
      return work(uow);
    });
  }

  async #applyAll(application: Application): Promise<ProvisioningResult> {
    const { system, tenants } = application.file.content;
    const done = application.tally.mark();
    await this.#applySystem(application, system);
    const ids: string[] = [];
    for (const [index, entry] of tenants.entries()) ids.push(await this.#applyTenant(application, index, entry));
    await this.#unlockOtherTenants(application, ids);
    const scope = { ...PROVISIONING_ACTOR, tenantId: SYSTEM_TENANT_ID };
    const entity = { type: 'installation', id: null, name: application.file.path } as const;
    await noteProvisioned(application.uow, { ...scope, action: 'installation.provisioned', entity }, done());
    return application.tally;
  }

  async #applyTenant(application: Application, index: number, entry: TenantEntry): Promise<string> {
    const done = application.tally.mark();
    const id = await new TenantProvisioning(this.#rooms, application, index, entry).apply();
    const scope = { ...PROVISIONING_ACTOR, tenantId: id };
    const entity = { type: 'tenant', id, name: entry.name } as const;
    await noteProvisioned(application.uow, { ...scope, action: 'tenant.provisioned', entity }, done());
    return id;
  }

  async #applySystem(application: Application, entry: SystemEntry): Promise<void> {
    const membership = { tenantId: SYSTEM_TENANT_ID, role: 'system-administrator', customerId: null } as const;
    await this.#rooms.mailServers.applyConnectors(application, ['system'], entry.mailConnectors);
    await this.#rooms.mailServers.apply(application, ['system'], SYSTEM_TENANT_ID, entry);
    await this.#rooms.signIn.apply(application, ['system'], SYSTEM_SCOPE, entry);
    const ids = await this.#rooms.users.save(application, ['system', 'admins'], membership, entry.admins);
    await this.#rooms.users.unlockExcept(application, SYSTEM_TENANT_ID, ids);
  }

  /** A tenant that the file names no more is unlocked with everything in it. */
  async #unlockOtherTenants(application: Application, named: readonly string[]): Promise<void> {
    if (!application.managed) return;
    const managed = await this.#rooms.tenants.managed(application.uow);
    for (const tenant of managed.filter(({ id }) => !named.includes(id))) await this.#unlockTenant(application, tenant);
  }

  async #unlockTenant(
    application: Application,
    { id, name }: { readonly id: string; readonly name: string },
  ): Promise<void> {
    const { tenants, customers, devices, users, mailServers, signIn, ruleChains } = this.#rooms;
    const { uow } = application;
    await tenants.unlock(uow, id);
    application.tally.unlocked.push(`tenant "${name}"`);
    await mailServers.unlockAll(application, id);
    await signIn.unlockAll(application, { tenantId: id, name });
    await users.unlockExcept(application, id, []);
    await application.unlock(
      (customer) => `customer "${customer}" of ${name}`,
      () => customers.unlockExcept(uow, id, []),
    );
    await application.unlock(
      (device) => `device "${device}" of ${name}`,
      () => devices.unlockExcept(uow, id, []),
    );
    await application.unlock(
      (chain) => `rule chain "${chain}" of ${name}`,
      () => ruleChains.unlockExcept(uow, id, []),
    );
  }
}
