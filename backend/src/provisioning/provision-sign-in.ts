import type { IdentityProviderDefinition, NoticesDefinition, SignInPolicyInput } from '@signalpost/contracts';

import { PROVISIONING_ACTOR } from '../access/index.js';
import type { IdentityProviders, Notices, SignInPolicies } from '../accounts/index.js';
import type { Application } from './application.js';

/** The rooms that keep what administrators decide for everybody. */
export interface SignInRooms {
  readonly policies: SignInPolicies;
  readonly notices: Notices;
  readonly identityProviders: IdentityProviders;
}

/** What a file says of the system, or of one tenant. Absent: people decide. */
export interface SignInEntries {
  readonly signInPolicy?: SignInPolicyInput | undefined;
  readonly notices?: NoticesDefinition | undefined;
  readonly identityProvider?: IdentityProviderDefinition | undefined;
}

/** Where it belongs: `name` is how the report calls it. */
export interface Scope {
  readonly tenantId: string;
  readonly name: string;
}

type Path = readonly PropertyKey[];

/** Who needs a second factor, who is told of what, and a tenant's own identity provider. */
export class SignInProvisioner {
  constructor(private readonly rooms: SignInRooms) {}

  /** @param customers of the tenant, ids by name */
  async apply(
    application: Application,
    path: Path,
    scope: Scope,
    entries: SignInEntries,
    customers: ReadonlyMap<string, string> = new Map(),
  ): Promise<void> {
    await this.#policy(application, path, scope, entries.signInPolicy);
    await this.#notices(application, path, scope, entries.notices);
    await this.#identityProvider(application, path, scope, entries.identityProvider, customers);
  }

  /** What a tenant had that the file does not name any more. */
  async unlockAll(application: Application, scope: Scope): Promise<void> {
    await this.apply(application, [], scope, {});
  }

  async #policy(
    application: Application,
    path: Path,
    { tenantId, name }: Scope,
    entry: SignInPolicyInput | undefined,
  ): Promise<void> {
    const { uow, managed } = application;
    const what = `sign-in policy of ${name}`;
    const { policies } = this.rooms;
    if (entry === undefined) {
      const release = async () => ((await policies.release(uow, tenantId)) ? [what] : []);
      return application.unlock((one) => one, release);
    }
    await application.save([...path, 'signInPolicy'], what, () =>
      policies.provision(uow, tenantId, entry, managed, PROVISIONING_ACTOR),
    );
  }

  async #notices(
    application: Application,
    path: Path,
    { tenantId, name }: Scope,
    entry: NoticesDefinition | undefined,
  ): Promise<void> {
    const { uow, managed } = application;
    const what = `notices of ${name}`;
    const { notices } = this.rooms;
    if (entry === undefined) {
      const release = async () => ((await notices.releaseDefaults(uow, tenantId)) ? [what] : []);
      return application.unlock((one) => one, release);
    }
    await application.save([...path, 'notices'], what, () =>
      notices.provisionDefaults(uow, tenantId, entry, managed, PROVISIONING_ACTOR),
    );
  }

  async #identityProvider(
    application: Application,
    path: Path,
    { tenantId, name }: Scope,
    entry: IdentityProviderDefinition | undefined,
    customers: ReadonlyMap<string, string>,
  ): Promise<void> {
    const { uow, managed } = application;
    const { identityProviders } = this.rooms;
    const what = (provider: string) => `identity provider "${provider}" of ${name}`;
    if (entry === undefined) {
      const release = async () => [await identityProviders.release(uow, tenantId)].filter((one) => one !== undefined);
      return application.unlock(what, release);
    }
    const { customer, ...fields } = entry;
    const settings = { ...fields, customerId: customer === undefined ? null : (customers.get(customer) ?? null) };
    await application.save([...path, 'identityProvider'], what(entry.name), () =>
      identityProviders.provision(uow, tenantId, settings, managed, PROVISIONING_ACTOR),
    );
  }
}
