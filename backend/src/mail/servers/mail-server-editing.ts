import type { MailServer, MailServerInput, ProblemFieldError } from '@signalpost/contracts';

import type { Actor } from '../../access/index.js';
import type { Database, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import type { SettingsProblem } from './settings-problem.js';
import type { MailServers } from './mail-servers.js';
import { refuseManaged } from './named-secrets.js';
import { readInput } from './read-input.js';
import { findServer, type StoredServer } from './server-rows.js';

/** What a change is made to. */
export interface Edited {
  readonly id: string;
  readonly revision: number;
}

/** Mail servers as people create and change them on a page. */
export class MailServerEditing {
  constructor(
    private readonly db: Database,
    private readonly servers: MailServers,
  ) {}

  /** @throws ProblemError `name-taken`, `validation-failed`, `default-mail-server-needed` */
  create(tenantId: string, input: MailServerInput, by: Actor): Promise<MailServer> {
    return this.db.transaction(async (uow) => {
      const id = await this.#save(uow, tenantId, undefined, undefined, input, by);
      return this.servers.get(uow, tenantId, id);
    });
  }

  /** @throws ProblemError as `create`, and `not-found`, `changed-meanwhile`, `managed-by-file` */
  change(tenantId: string, of: Edited, input: MailServerInput, by: Actor): Promise<MailServer> {
    return this.db.transaction(async (uow) => {
      const row = await findServer(uow, tenantId, of.id);
      if (row === undefined) throw new ProblemError('not-found');
      refuseManaged(row);
      if (row.revision !== of.revision) throw new ProblemError('changed-meanwhile');
      if (row.is_default && !input.default) throw new ProblemError('default-mail-server-needed');
      await this.#save(uow, tenantId, of, row, input, by);
      return this.servers.get(uow, tenantId, of.id);
    });
  }

  async #save(
    uow: UnitOfWork,
    tenantId: string,
    of: Edited | undefined,
    row: StoredServer | undefined,
    { settings: given, ...identity }: MailServerInput,
    by: Actor,
  ): Promise<string> {
    const read = readInput(given, row && this.servers.openOld(row));
    if (!read.ok) throw invalidSettings(read.problems);
    if (of === undefined && (await this.servers.findByName(uow, tenantId, identity.name)) !== null)
      throw new ProblemError('name-taken');
    const { settings } = read;
    const saved = await this.servers.save(uow, tenantId, { ...of, ...identity, settings, managed: false, by });
    if (!saved.ok) throw invalidSettings(saved.problems);
    return saved.value.id;
  }
}

const IDENTITY = new Set(['fallback', 'default', 'active', 'name']);

/** As the form shows them, beside the fields. */
export const invalidSettings = (problems: readonly SettingsProblem[]): ProblemError =>
  new ProblemError('validation-failed', { errors: problems.map(toError) });

function toError({ field, message }: SettingsProblem): ProblemFieldError {
  const at = field === '' || IDENTITY.has(field) ? field : `settings.${field}`;
  return { pointer: at === '' ? '' : `/${at.replaceAll('.', '/')}`, message };
}
