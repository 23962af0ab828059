import { tenantLimitsSchema, type MailServerUsage } from '@signalpost/contracts';

import { SYSTEM_TENANT_ID, type Actor } from '../../access/index.js';
import type { Queryable, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { moveWaiting, waitingOver } from '../outbox/move-waiting.js';
import type { MailServers } from './mail-servers.js';
import { refuseManaged } from './named-secrets.js';
import { findServer, lockServers, type StoredServer } from './server-rows.js';
import type { SendingNode, ServerUsage } from './server-usage.js';

export interface Removal {
  readonly tenantId: string;
  readonly id: string;
  /** Another active server of the same scope, which takes over. */
  readonly replacementId: string | undefined;
  readonly by: Actor;
}

/** Who sends over a mail server, and what becomes of them when it goes. */
export class ServerRemoval {
  constructor(
    private readonly servers: MailServers,
    private readonly users: ServerUsage,
  ) {}

  /** @throws ProblemError `not-found` */
  async usage(db: Queryable, tenantId: string, id: string): Promise<MailServerUsage> {
    const row = await findServer(db, tenantId, id);
    if (row === undefined) throw new ProblemError('not-found');
    const [nodes, waitingMails] = [await this.#nodes(db, row), await waitingOver(db, { tenantId, id })];
    return { items: nodes, waitingMails };
  }

  /**
   * Deletes it. What used it uses the replacement from now on: rule chains get a new version, waiting mails go over it, and
   * the default passes on. Messages under way that name the old one by an older version of tsuccessor chain follow, too.
   * @throws ProblemError `not-found`, `managed-by-file`, `mail-server-in-use`, `default-mail-server-needed`, `validation-failed`
   */
  async remove(uow: UnitOfWork, { tenantId, id, replacementId, by }: Removal): Promise<void> {
    const all = await lockServers(uow, tenantId);
    const row = all.find((server) => server.id === id);
    if (row === undefined) throw new ProblemError('not-found');
    refuseManaged(row);
    const successor = replacementId === undefined ? undefined : successorOf(all, row, replacementId);
    if (successor === undefined) await this.#refuseNeeded(uow, all, row);
    else await this.#handOver(uow, row, successor);
    await this.servers.remove(uow, row, by);
  }

  async #refuseNeeded(uow: UnitOfWork, all: readonly StoredServer[], row: StoredServer): Promise<void> {
    const { items, waitingMails } = await this.usage(uow, row.tenant_id, row.id);
    if (items.length > 0 || waitingMails > 0)
      throw new ProblemError('mail-server-in-use', { detail: told(items, waitingMails) });
    if (row.is_default && all.length > 1) throw new ProblemError('default-mail-server-needed');
  }

  async #handOver(uow: UnitOfWork, row: StoredServer, successor: StoredServer): Promise<void> {
    const { tenant_id: tenantId } = row;
    await this.users.replace(uow, tenantId, row.id, successor.id);
    await moveWaiting(uow, { tenantId, id: row.id }, { tenantId, id: successor.id });
    await uow.query('UPDATE mail_server_successor SET successor_id = $3 WHERE tenant_id = $1 AND successor_id = $2', [
      ...[tenantId, row.id, successor.id],
    ]);
    await uow.query('INSERT INTO mail_server_successor (tenant_id, server_id, successor_id) VALUES ($1, $2, $3)', [
      ...[tenantId, row.id, successor.id],
    ]);
    if (row.is_default) await this.servers.makeDefault(uow, tenantId, successor.id);
  }

  async #nodes(db: Queryable, row: StoredServer): Promise<MailServerUsage['items']> {
    const { tenant_id: tenantId, id } = row;
    const ofSystem = tenantId === SYSTEM_TENANT_ID;
    const nodes = await this.users.sendingNodes(db, ofSystem ? undefined : tenantId);
    const mayUseSystem = await tenantsWithSystemMail(db);
    return nodes.flatMap(({ tenantId: user, tenantName, ruleChain, node, server }) => {
      const via = viaOf(server, mayUseSystem.has(user));
      const used = via === 'named' ? namedBy(server) === id : row.is_default && (via === 'system') === ofSystem;
      const name = ofSystem ? `${ruleChain.name} (${tenantName})` : ruleChain.name;
      return used ? [{ ruleChain: { id: ruleChain.id, name }, node: { ...node }, via }] : [];
    });
  }
}

/** As `choose-server` chooses: the system's server where the tenant may, else the tenant's default. */
function viaOf(server: SendingNode['server'], maySystem: boolean): MailServerUsage['items'][number]['via'] {
  if (server.use === 'named') return 'named';
  return server.use === 'system' && maySystem ? 'system' : 'default';
}

const namedBy = (server: SendingNode['server']): string | undefined =>
  server.use === 'named' ? server.serverId : undefined;

async function tenantsWithSystemMail(db: Queryable): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string; limits: unknown }>('SELECT id, limits FROM tenant');
  return new Set(rows.filter(({ limits }) => tenantLimitsSchema.parse(limits).mayUseSystemMail).map(({ id }) => id));
}

function successorOf(all: readonly StoredServer[], row: StoredServer, id: string): StoredServer {
  const successor = all.find((server) => server.id === id);
  if (successor !== undefined && successor !== row && successor.active) return successor;
  const message = 'must be another, active mail server of the same scope';
  throw new ProblemError('validation-failed', { errors: [{ pointer: 'replacementId', message }] });
}

function told(items: MailServerUsage['items'], waitingMails: number): string {
  const chains = [...new Set(items.map(({ ruleChain }) => `"${ruleChain.name}"`))].slice(0, 5);
  return [
    ...(chains.length > 0 ? [`Rule chains send over it: ${chains.join(', ')}.`] : []),
    ...(waitingMails > 0 ? [`${waitingMails} mail(s) wait for it.`] : []),
  ].join(' ');
}
