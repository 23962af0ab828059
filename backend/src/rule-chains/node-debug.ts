import type { NodeDebug } from '@signalpost/contracts';
import type { RuleChainDefinition } from '@signalpost/rule-nodes';

import type { UnitOfWork } from '../db/index.js';

/** As it is kept for a chain: node id → what is recorded; nodes of which nothing is are left out. */
export type DebugSettings = Readonly<Record<string, { readonly failures?: true; readonly allUntil?: number }>>;

/**
 * What a file asks for. Its `allEnabled` was meant for a quarter of an hour after it was saved, whenever that was: from here
 * on failures alone are recorded, until somebody asks for more.
 */
export function debugAsked({ nodes }: RuleChainDefinition): DebugSettings {
  const asked = nodes.filter((node) => node.debug || node.debugFailures);
  return Object.fromEntries(asked.map(({ id }) => [id, { failures: true as const }]));
}

export function nodeDebug(settings: DebugSettings, nodeId: string, now: number): NodeDebug {
  const { failures = false, allUntil } = settings[nodeId] ?? {};
  return { failures, allUntil: allUntil !== undefined && allUntil > now ? allUntil : null };
}

/** One statement, so that two people who switch different nodes do not undo each other. */
const SAVE = `
  UPDATE rule_chain SET debug = CASE WHEN $4::jsonb = '{}' THEN debug - $3::text ELSE debug || jsonb_build_object($3::text, $4::jsonb) END
  WHERE tenant_id = $1 AND id = $2`;

export async function saveNodeDebug(
  uow: UnitOfWork,
  node: { readonly tenantId: string; readonly chainId: string; readonly nodeId: string },
  { failures, allUntil }: NodeDebug,
): Promise<void> {
  const kept = { ...(failures ? { failures } : {}), ...(allUntil === null ? {} : { allUntil }) };
  await uow.query(SAVE, [node.tenantId, node.chainId, node.nodeId, JSON.stringify(kept)]);
}
