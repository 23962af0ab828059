import { randomUUID } from 'node:crypto';

import type { RuleChainDefinition } from '@signalpost/rule-nodes';

import type { Database } from '../db/index.js';

/** A node of a chain: `[type, config, …[label, index of the target]]`. */
export type Step = [type: string, config: Record<string, unknown>, ...to: [string, number][]];

/** As before the first message. */
export async function forgetWork(db: Database): Promise<void> {
  await db.query('TRUNCATE queue_message, queue_hold, dead_letter, queue_partition, alarm, telemetry_latest CASCADE');
}

/** Makes a chain of the tenant, or its next version, and publishes it as the root. @returns its id */
export async function publishChain(
  db: Database,
  tenantId: string,
  steps: readonly Step[],
  chainId: string = randomUUID(),
): Promise<string> {
  const nodes = steps.map(([type, config], index) => ({
    id: randomUUID(),
    type,
    name: `${type} ${index}`,
    config: config as RuleChainDefinition['nodes'][number]['config'],
    configVersion: 3,
    debug: false,
    layout: { x: 0, y: 0 },
  }));
  const connections = steps.flatMap(([, , ...to], from) =>
    to.map(([label, target]) => ({ from: nodes[from]?.id, to: nodes[target]?.id, label })),
  );
  const [row] = await db.query<{ version: number }>(
    `INSERT INTO rule_chain (tenant_id, id, name, root, published_version) VALUES ($1, $2, 'Chain ' || $3, true, 1)
     ON CONFLICT (tenant_id, id) DO UPDATE SET published_version = rule_chain.published_version + 1
     RETURNING published_version AS version`,
    [tenantId, chainId, chainId],
  );
  await db.query('INSERT INTO rule_chain_version (tenant_id, chain_id, version, definition) VALUES ($1, $2, $3, $4)', [
    tenantId,
    chainId,
    row?.version,
    { firstNodeId: nodes[0]?.id ?? null, nodes, connections },
  ]);
  return chainId;
}

export const script = (jsScript: string) => ({ scriptLang: 'JS', jsScript });
export const SAVE: Step = [
  'action/save-time-series',
  { defaultTTL: 0, processingSettings: { type: 'ON_EVERY_MESSAGE' } },
];
