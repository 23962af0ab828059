import type {
  ConnectorDefinition,
  MailServerDefinition,
  NamedSecretDefinition,
  OAuthApplicationDefinition,
} from '@signalpost/contracts';

import { PROVISIONING_ACTOR, SYSTEM_TENANT_ID } from '../access/index.js';
import {
  splitDefinition,
  type Connectors,
  type MailServers,
  type NamedSecrets,
  type OAuthApplications,
} from '../mail/index.js';
import type { Application } from './application.js';

/** The mail rooms that a file fills. */
export interface MailRooms {
  readonly servers: MailServers;
  readonly secrets: NamedSecrets;
  readonly connectors: Connectors;
  readonly applications: OAuthApplications;
}

/** What a file says of mail, of the system or of one tenant. */
export interface MailEntries {
  readonly mailSecrets: readonly NamedSecretDefinition[];
  readonly oauthApplications: readonly OAuthApplicationDefinition[];
  readonly mailServers: readonly MailServerDefinition[];
}

type Path = readonly PropertyKey[];
type Ids = ReadonlyMap<string, string>;

/** Mail servers of the system or of one tenant, with the secrets, applications and connectors that they name. */
export class MailServerProvisioner {
  constructor(private readonly rooms: MailRooms) {}

  /** Of the system, before everything that may name one. */
  async applyConnectors(application: Application, path: Path, entries: readonly ConnectorDefinition[]): Promise<void> {
    const { uow, managed } = application;
    const ids = await inTurn(entries, (entry, index) => {
      const { name, shared, default: isDefault, ...settings } = entry;
      const wanted = { name, shared, default: isDefault, settings, managed, by: PROVISIONING_ACTOR };
      return application.save([...path, 'mailConnectors', index], `connector "${name}"`, () =>
        this.rooms.connectors.save(uow, wanted),
      );
    });
    await application.unlock(
      (name) => `connector "${name}"`,
      () => this.rooms.connectors.release(uow, [...ids.values()]),
    );
  }

  /** Saves those of the file and unlocks the others. */
  async apply(application: Application, path: Path, tenantId: string, entries: MailEntries): Promise<void> {
    const secrets = await this.#secrets(application, path, tenantId, entries.mailSecrets);
    const applications = await this.#applications(application, path, tenantId, entries.oauthApplications);
    const servers = await inTurn(entries.mailServers, (entry, index) =>
      this.#server(application, [...path, 'mailServers', index], tenantId, entry),
    );
    const own = entries.mailServers.flatMap((entry) => servers.get(entry.name) ?? []);
    await this.#unlock(application, tenantId, [...secrets.values()], [...applications.values(), ...own], own);
  }

  /** What a tenant had that the file does not name any more. */
  async unlockAll(application: Application, tenantId: string): Promise<void> {
    await this.#unlock(application, tenantId, [], [], []);
  }

  async #unlock(
    application: Application,
    tenantId: string,
    secrets: readonly string[],
    applications: readonly string[],
    servers: readonly string[],
  ): Promise<void> {
    const { uow } = application;
    await application.unlock(
      (name) => `mail secret "${name}"`,
      () => this.rooms.secrets.release(uow, tenantId, secrets),
    );
    await application.unlock(
      (name) => `OAuth application "${name}"`,
      () => this.rooms.applications.release(uow, tenantId, applications),
    );
    await application.unlock(
      (name) => `mail server "${name}"`,
      () => this.rooms.servers.release(uow, tenantId, servers),
    );
  }

  #secrets(
    application: Application,
    path: Path,
    tenantId: string,
    entries: readonly NamedSecretDefinition[],
  ): Promise<Ids> {
    const { uow, managed } = application;
    return inTurn(entries, (entry, index) =>
      application.save([...path, 'mailSecrets', index], `mail secret "${entry.name}"`, () =>
        this.rooms.secrets.save(uow, tenantId, { ...entry, managed, by: PROVISIONING_ACTOR }),
      ),
    );
  }

  #applications(
    application: Application,
    path: Path,
    tenantId: string,
    entries: readonly OAuthApplicationDefinition[],
  ): Promise<Ids> {
    const { uow, managed } = application;
    return inTurn(entries, (entry, index) => {
      const { name, provider, shared, secretExpiresAt, ...settings } = entry;
      const ofSystem = tenantId === SYSTEM_TENANT_ID;
      const wanted = {
        name,
        provider,
        shared: shared && ofSystem,
        secretExpiresAt,
        settings,
        managed,
        mayDialAnywhere: true,
      };
      return application.save([...path, 'oauthApplications', index], `OAuth application "${name}"`, () =>
        this.rooms.applications.save(uow, tenantId, wanted, PROVISIONING_ACTOR),
      );
    });
  }

  async #server(application: Application, path: Path, tenantId: string, entry: MailServerDefinition): Promise<string> {
    const { uow, managed } = application;
    const { servers } = this.rooms;
    const existing = await servers.findByName(uow, tenantId, entry.name);
    const { id, changed } = await application.at(path, async () => {
      const defined = splitDefinition(entry, await this.#names(application, tenantId));
      const by = PROVISIONING_ACTOR;
      const result = await servers.save(uow, tenantId, { ...defined, managed, mayDialAnywhere: true, by });
      if (!result.ok) throw application.refuse(path, result.failure.message);
      return result.value;
    });
    const change = existing === null ? 'created' : changed ? 'updated' : 'unchanged';
    return application.save(path, `mail server "${entry.name}"`, () => Promise.resolve({ id, change }));
  }

  /** Everything that a server of the scope may name, of this file or made by people. */
  async #names({ uow }: Application, tenantId: string) {
    const { secrets, connectors, applications } = this.rooms;
    const byName = (items: readonly { readonly id: string; readonly name: string }[]): Ids =>
      new Map(items.map(({ id, name }) => [name, id]));
    return {
      secrets: byName(await secrets.list(uow, tenantId)),
      connectors: byName(await connectors.list(uow, tenantId)),
      // own ones come first, and the last of one name stays
      applications: byName((await applications.list(uow, tenantId)).toReversed()),
    };
  }
}

/** One after the other, since each is a statement on one connection. @returns ids by name */
async function inTurn<T extends { readonly name: string }>(
  entries: readonly T[],
  save: (entry: T, index: number) => Promise<string>,
): Promise<Ids> {
  const ids = new Map<string, string>();
  for (const [index, entry] of entries.entries()) ids.set(entry.name, await save(entry, index));
  return ids;
}
