import type { MailServerSettingsInput } from '@signalpost/contracts';

import type { Actor } from '../../access/index.js';
import type { Database, Queryable, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { refused } from '../oauth/oauth-failures.js';
import { invalidSettings } from '../servers/mail-server-editing.js';
import type { MailRoute, MailRoutes } from '../servers/mail-route.js';
import type { MailServers } from '../servers/mail-servers.js';
import { readInput } from '../servers/read-input.js';
import { findServer, type StoredServer } from '../servers/server-rows.js';
import type { MailboxTokens } from '../transport/mailbox-tokens.js';

/** Settings as they stand in the form. */
export interface Unsaved {
  /** The server that they are to change: secrets that stay are its. */
  readonly serverId?: string | undefined;
  readonly settings: MailServerSettingsInput;
}

/** Carries the route out of the transaction that must not be. */
class Undone extends Error {
  constructor(readonly route: MailRoute) {
    super('Not to be saved');
  }
}

/**
 * Routes over settings that are not saved: they are saved, looked at, and taken back, in one transaction. So exactly what
 * saving would refuse is refused, above all an old secret for a new receiver.
 */
export class UnsavedRoutes {
  constructor(
    private readonly db: Database,
    private readonly servers: MailServers,
    private readonly routes: MailRoutes,
  ) {}

  /** @throws ProblemError `not-found`, `validation-failed` */
  async routeOf(tenantId: string, unsaved: Unsaved, by: Actor): Promise<MailRoute> {
    try {
      return await this.db.transaction((uow) => this.#trial(uow, tenantId, unsaved, by));
    } catch (error) {
      if (error instanceof Undone) return error.route;
      throw error;
    }
  }

  async #trial(uow: UnitOfWork, tenantId: string, { serverId, settings: input }: Unsaved, by: Actor): Promise<never> {
    const row = serverId === undefined ? undefined : await findServer(uow, tenantId, serverId);
    if (row === undefined && serverId !== undefined) throw new ProblemError('not-found');
    const read = readInput(input, row && this.servers.openOld(row));
    if (!read.ok) throw invalidSettings(read.problems);
    const before = row && (await grantRevision(uow, tenantId, row.id));
    const { settings } = read;
    const saved = await this.servers.save(uow, tenantId, { ...identityOf(row), settings, managed: false, by });
    if (!saved.ok) throw invalidSettings(saved.problems);
    const { id } = saved.value;
    const route = await this.routes.resolve(uow, { tenantId, id });
    if (route === null) throw new ProblemError('not-found');
    const sameGrant = before !== undefined && before === (await grantRevision(uow, tenantId, id));
    throw new Undone(route.token === null || sameGrant ? route : { ...route, token: NOBODY_SIGNED_IN });
  }
}

/** A consent belongs to what was saved when it was given. */
const NOBODY_SIGNED_IN: MailboxTokens = {
  get: () => Promise.resolve(refused('not-saved')),
  refused: () => Promise.resolve(),
  accepted: () => Promise.resolve(),
};

/** A new one must not take the place of another. */
function identityOf(row: StoredServer | undefined) {
  if (row === undefined) return { name: ' not saved', default: false, active: true };
  const { id, name, description, is_default: isDefault, is_fallback: fallback, active } = row;
  return { id, name, description, default: isDefault, fallback, active };
}

async function grantRevision(db: Queryable, tenantId: string, serverId: string): Promise<number | undefined> {
  const [row] = await db.query<{ revision: number }>(
    'SELECT revision FROM oauth_grant WHERE tenant_id = $1 AND mail_server_id = $2',
    [tenantId, serverId],
  );
  return row?.revision;
}
