import type { MailServerDefinition } from '@signalpost/contracts';

import { splitDefinition, type MailServers } from '../mail/index.js';
import type { Application } from './application.js';

/** Mail servers of the system or of one tenant. */
export class MailServerProvisioner {
  constructor(private readonly servers: MailServers) {}

  /** Saves those of the file and unlocks the others. */
  async apply(
    application: Application,
    path: readonly PropertyKey[],
    tenantId: string,
    entries: readonly MailServerDefinition[],
  ): Promise<void> {
    const ids: string[] = [];
    for (const [index, entry] of entries.entries())
      ids.push(await this.#save(application, [...path, 'mailServers', index], tenantId, entry));
    await this.unlockExcept(application, tenantId, ids);
  }

  async unlockExcept(application: Application, tenantId: string, keep: readonly string[]): Promise<void> {
    await application.unlock(
      (name) => `mail server "${name}"`,
      () => this.servers.release(application.uow, tenantId, keep),
    );
  }

  async #save(
    application: Application,
    path: readonly PropertyKey[],
    tenantId: string,
    entry: MailServerDefinition,
  ): Promise<string> {
    const { uow, managed } = application;
    const existing = await this.servers.findByName(uow, tenantId, entry.name);
    const result = await this.servers.save(uow, tenantId, {
      ...splitDefinition(entry),
      managed,
      mayDialAnywhere: true,
    });
    if (!result.ok) throw application.refuse(path, result.failure.message);
    const { id, changed } = result.value;
    const change = existing === null ? 'created' : changed ? 'updated' : 'unchanged';
    return application.save(path, `mail server "${entry.name}"`, () => Promise.resolve({ id, change }));
  }
}
