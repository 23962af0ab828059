import type { RuleChainDefinition } from '../language/rule-chain.js';

/**
 * Lets "send email" nodes use mail servers that were made of their `ExtractedSmtp`.
 *
 * @param serverIds mail server ids by node id
 */
export function assignMailServers(
  definition: RuleChainDefinition,
  serverIds: ReadonlyMap<string, string>,
): RuleChainDefinition {
  const nodes = definition.nodes.map((node) => {
    const serverId = serverIds.get(node.id);
    return serverId === undefined ? node : { ...node, config: { ...node.config, server: { use: 'named', serverId } } };
  });
  return { ...definition, nodes };
}
