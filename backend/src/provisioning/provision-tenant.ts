import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { errorCode } from '../config/index.js';
import type { Clock } from '../db/index.js';
import type { Customers, Devices } from '../devices/index.js';
import type { RuleChains } from '../rule-chains/index.js';
import type { Tenants } from '../tenants/index.js';
import type { Application } from './application.js';
import { provisionAttributes, type AttributeOwner } from './attributes.js';
import type { MailServerProvisioner } from './provision-mail-servers.js';
import type { SignInProvisioner } from './provision-sign-in.js';
import type { UserProvisioner } from './provision-users.js';
import type { AttributeMap, CustomerEntry, DeviceEntry, RuleChainEntry, TenantEntry } from './provisioning-file.js';

export interface TenantRooms {
  readonly tenants: Tenants;
  readonly customers: Customers;
  readonly devices: Devices;
  readonly users: UserProvisioner;
  readonly mailServers: MailServerProvisioner;
  readonly signIn: SignInProvisioner;
  readonly ruleChains: RuleChains;
  readonly clock: Clock;
}

/** How the file names the scopes of attributes. */
const SCOPES = { server: 'SERVER_SCOPE', shared: 'SHARED_SCOPE', client: 'CLIENT_SCOPE' } as const;
type FileScope = keyof typeof SCOPES;

/** One tenant of the file, with everything in it. */
export class TenantProvisioning {
  readonly #tenantPath: readonly PropertyKey[];

  constructor(
    private readonly rooms: TenantRooms,
    private readonly application: Application,
    index: number,
    private readonly entry: TenantEntry,
  ) {
    this.#tenantPath = ['tenants', index];
  }

  /** @returns the tenant's id */
  async apply(): Promise<string> {
    const { application, rooms, entry } = this;
    const { name, language, limits } = entry;
    const tenantId = await application.save(this.#tenantPath, `tenant "${name}"`, () =>
      rooms.tenants.save(application.uow, { name, language, limits }, application.managed),
    );
    await rooms.mailServers.apply(application, this.#tenantPath, tenantId, entry);
    const customers = await this.#customers(tenantId);
    await rooms.signIn.apply(application, this.#tenantPath, { tenantId, name }, entry, customers);
    await this.#users(tenantId, customers);
    await this.#devices(tenantId, customers);
    await this.#ruleChains(tenantId);
    return tenantId;
  }

  async #customers(tenantId: string): Promise<ReadonlyMap<string, string>> {
    const { application, rooms, entry } = this;
    const ids = new Map<string, string>();
    for (const [index, customer] of entry.customers.entries())
      ids.set(customer.name, await this.#customer(tenantId, index, customer));
    await application.unlock(this.#named('customer'), () =>
      rooms.customers.unlockExcept(application.uow, tenantId, [...ids.values()]),
    );
    return ids;
  }

  async #customer(tenantId: string, index: number, { name, attributes }: CustomerEntry): Promise<string> {
    const path = [...this.#tenantPath, 'customers', index];
    const what = this.#named('customer')(name);
    const { application, rooms } = this;
    const id = await application.save(path, what, () =>
      rooms.customers.save(application.uow, tenantId, { name }, application.managed),
    );
    await this.#attributes(what, tenantId, { entityType: 'CUSTOMER', id }, 'server', attributes);
    return id;
  }

  async #users(tenantId: string, customers: ReadonlyMap<string, string>): Promise<void> {
    const { entry, rooms, application } = this;
    const at = (...parts: PropertyKey[]) => [...this.#tenantPath, ...parts];
    const member = (role: 'tenant-administrator' | 'tenant-operator') =>
      ({ tenantId, role, customerId: null }) as const;
    const ids = [
      ...(await rooms.users.save(application, at('admins'), member('tenant-administrator'), entry.admins)),
      ...(await rooms.users.save(application, at('operators'), member('tenant-operator'), entry.operators)),
    ];
    for (const [index, { name, users }] of entry.customers.entries()) {
      const membership = { tenantId, role: 'customer-user', customerId: customers.get(name) ?? null } as const;
      ids.push(...(await rooms.users.save(application, at('customers', index, 'users'), membership, users)));
    }
    await rooms.users.unlockExcept(application, tenantId, ids);
  }

  async #devices(tenantId: string, customers: ReadonlyMap<string, string>): Promise<void> {
    const { application, rooms, entry } = this;
    const ids: string[] = [];
    for (const [index, device] of entry.devices.entries())
      ids.push(await this.#device(tenantId, index, device, customers));
    await application.unlock(this.#named('device'), () => rooms.devices.unlockExcept(application.uow, tenantId, ids));
  }

  async #device(
    tenantId: string,
    index: number,
    device: DeviceEntry,
    customers: ReadonlyMap<string, string>,
  ): Promise<string> {
    const path = [...this.#tenantPath, 'devices', index];
    const what = this.#named('device')(device.name);
    const { token: accessToken, customer, attributes, ...fields } = device;
    const customerId = customer === undefined ? null : (customers.get(customer) ?? null);
    const { application, rooms } = this;
    const id = await application.save(path, what, () =>
      rooms.devices.save(application.uow, tenantId, { ...fields, customerId, accessToken }, application.managed),
    );
    const scopes = Object.keys(SCOPES) as FileScope[]; // keys of the literal above
    for (const scope of scopes)
      await this.#attributes(what, tenantId, { entityType: 'DEVICE', id }, scope, attributes[scope] ?? {});
    return id;
  }

  async #attributes(
    what: string,
    tenantId: string,
    owner: AttributeOwner,
    scope: FileScope,
    values: AttributeMap,
  ): Promise<void> {
    const { uow, tally } = this.application;
    if (Object.keys(values).length === 0) return;
    const change = await provisionAttributes(uow, tenantId, owner, SCOPES[scope], values, this.rooms.clock.now());
    tally.note(change, `${scope} attributes of ${what}`);
  }

  async #ruleChains(tenantId: string): Promise<void> {
    const { application, rooms, entry } = this;
    const ids: string[] = [];
    for (const [index, chain] of entry.ruleChains.entries()) ids.push(await this.#ruleChain(tenantId, index, chain));
    await application.unlock(this.#named('rule chain'), () =>
      rooms.ruleChains.unlockExcept(application.uow, tenantId, ids),
    );
  }

  #ruleChain(tenantId: string, index: number, { file, root, ...rest }: RuleChainEntry): Promise<string> {
    const path = [...this.#tenantPath, 'ruleChains', index];
    const { application, rooms } = this;
    const chain = {
      file: this.#readJson([...path, 'file'], file),
      root,
      managed: application.managed,
      ...(rest.name === undefined ? {} : { name: rest.name }),
    };
    return application.save(path, this.#named('rule chain')(rest.name ?? file), () =>
      rooms.ruleChains.provision(application.uow, tenantId, chain),
    );
  }

  #readJson(path: readonly PropertyKey[], name: string): unknown {
    const file = resolve(this.application.file.folder, name);
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as unknown; // typed `any` by TypeScript
    } catch (error) {
      const reason =
        error instanceof SyntaxError
          ? `is not JSON (${error.message})`
          : `cannot be read (${errorCode(error) ?? 'unknown error'})`;
      throw this.application.refuse(path, `${file} ${reason}`);
    }
  }

  #named(kind: string): (name: string) => string {
    return (name) => `${kind} "${name}" of ${this.entry.name}`;
  }
}
