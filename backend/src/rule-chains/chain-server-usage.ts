import { CATALOG, MailServerChoice, type RuleChainDefinition } from '@signalpost/rule-nodes';
import { z } from 'zod';

import type { Queryable, UnitOfWork } from '../db/index.js';
import type { SendingNode, ServerUsage } from '../mail/index.js';
import { publish } from './chain-store.js';

const SENDING_TYPES: ReadonlySet<string> = new Set(
  CATALOG.filter(({ uses }) => uses.some((port) => port === 'mail')).map(({ type }) => type),
);

/** What every node that sends mail says of its server; ThingsBoard's switch counts where nothing was chosen. */
const sendingConfig = z.object({
  server: MailServerChoice.nullable().default(null),
  useSystemSmtpSettings: z.boolean().default(false),
});

interface PublishedChain {
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly id: string;
  readonly name: string;
  readonly definition: RuleChainDefinition;
}

/** Which nodes of published rule chains send over which mail server. */
export class ChainServerUsage implements ServerUsage {
  async sendingNodes(db: Queryable, tenantId: string | undefined): Promise<readonly SendingNode[]> {
    const chains = await publishedChains(db, tenantId);
    return chains.flatMap(({ tenant_id, tenant_name, id, name, definition }) =>
      definition.nodes.flatMap((node) => {
        const server = serverOf(node);
        if (server === undefined) return [];
        const place = { tenantId: tenant_id, tenantName: tenant_name, ruleChain: { id, name } };
        return [{ ...place, node: { id: node.id, name: node.name }, server }];
      }),
    );
  }

  async replace(uow: UnitOfWork, tenantId: string, from: string, to: string): Promise<void> {
    for (const { id, definition } of await publishedChains(uow, tenantId)) {
      const nodes = definition.nodes.map((node) =>
        names(serverOf(node), from)
          ? { ...node, config: { ...node.config, server: { use: 'named' as const, serverId: to } } }
          : node,
      );
      if (nodes.some((node, index) => node !== definition.nodes[index]))
        await publish(uow, tenantId, id, { ...definition, nodes });
    }
  }
}

const names = (server: MailServerChoice | undefined, id: string): boolean =>
  server?.use === 'named' && server.serverId === id;

function serverOf({ type, config }: RuleChainDefinition['nodes'][number]): MailServerChoice | undefined {
  if (!SENDING_TYPES.has(type)) return undefined;
  const read = sendingConfig.safeParse(config);
  if (!read.success) return undefined;
  const { server, useSystemSmtpSettings } = read.data;
  return server ?? (useSystemSmtpSettings ? { use: 'system' } : { use: 'tenant-default' });
}

const publishedChains = (db: Queryable, tenantId: string | undefined): Promise<PublishedChain[]> =>
  db.query<PublishedChain & Record<string, unknown>>(
    `SELECT c.tenant_id, t.name AS tenant_name, c.id, c.name, v.definition
     FROM rule_chain c JOIN tenant t ON t.id = c.tenant_id
     JOIN rule_chain_version v ON (v.tenant_id, v.chain_id, v.version) = (c.tenant_id, c.id, c.published_version)
     WHERE $1::uuid IS NULL OR c.tenant_id = $1 ORDER BY t.name, c.name`,
    [tenantId ?? null],
  );
