/** Makes a ThingsBoard rule-chain file of a definition: without keys that ThingsBoard does not know, without secrets. */
import { z } from 'zod';

import { descriptorOf } from '../catalog.js';
import type { RuleChainDefinition, RuleNode } from '../language/rule-chain.js';
import { isJsonObject } from '../language/key-values.js';
import type { Json, JsonObject } from '../language/rule-message.js';
import type { NodeDescriptor } from '../node/describe-node.js';
import { upgradeConfig } from '../node/upgrade-config.js';

export interface ExportableChain {
  readonly name: string;
  readonly description?: string | null;
  readonly root?: boolean;
  readonly definition: RuleChainDefinition;
}

/** The file's content; ThingsBoard takes it by import in its rule-chain list. */
export function exportRuleChain({ name, description, root = false, definition }: ExportableChain): JsonObject {
  return {
    ruleChain: {
      additionalInfo: description ? { description } : null,
      name,
      type: 'CORE',
      firstRuleNodeId: null,
      root,
      debugMode: false,
      configuration: null,
    },
    metadata: metadataOf(definition),
  };
}

function metadataOf({ firstNodeId, nodes, connections, notes }: RuleChainDefinition): JsonObject {
  const places = new Map(nodes.map(({ id }, index) => [id, index]));
  return {
    firstNodeIndex: firstNodeId === null ? null : (places.get(firstNodeId) ?? null),
    nodes: nodes.map(exportNode),
    connections: connections.flatMap(({ from, to, label }) => {
      const [fromIndex, toIndex] = [places.get(from), places.get(to)];
      return fromIndex === undefined || toIndex === undefined ? [] : [{ fromIndex, toIndex, type: label }];
    }),
    ruleChainConnections: null,
    ...(notes?.length ? { notes } : {}),
  };
}

function exportNode(node: RuleNode): JsonObject {
  const descriptor = descriptorOf(node.type);
  if (!descriptor) return exportForeign(node);
  return {
    singletonMode: false,
    queueName: null,
    ...node.foreign,
    type: descriptor.thingsboard.type,
    name: node.name,
    debugSettings: debugSettingsOf(node),
    configurationVersion: descriptor.thingsboard.version,
    configuration: exportConfig(descriptor, node),
    additionalInfo: additionalInfoOf(node, {}),
  };
}

const debugSettingsOf = ({ debug, debugFailures }: RuleNode): JsonObject | null =>
  debug || debugFailures ? { failuresEnabled: true, allEnabled: debug, allEnabledUntil: 0 } : null;

/** As it came, but for what can be changed of it here: its name, its place and its description. */
function exportForeign(node: RuleNode): JsonObject {
  const { foreign = {} } = node;
  const info = foreign['additionalInfo'];
  return {
    type: node.type,
    ...foreign,
    name: node.name,
    additionalInfo: additionalInfoOf(node, isJsonObject(info) ? info : {}),
  };
}

function additionalInfoOf({ layout: { x, y, description } }: RuleNode, before: JsonObject): JsonObject {
  const { description: _before, ...others } = before;
  return { ...others, ...(description ? { description } : {}), layoutX: x, layoutY: y };
}

function exportConfig({ config: schema, upgrades }: NodeDescriptor, { config, configVersion }: RuleNode): JsonObject {
  const upgraded = upgradeConfig(upgrades, config, configVersion).config;
  const read = schema.safeParse(upgraded);
  const fields: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  const known = Object.entries(fields).filter(([, field]) => !isOwnSetting(field));
  if (known.length === 0) return EMPTY;
  const values: Record<string, unknown> = read.success ? read.data : upgraded;
  return Object.fromEntries(
    known.flatMap(([key]): [string, Json][] => (key in values ? [[key, jsonOf(values[key])]] : [])),
  );
}

/** What ThingsBoard writes for nodes without settings. */
const EMPTY: JsonObject = { version: 0 };

const jsonOf = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json; // what JSON.parse makes is Json

const isOwnSetting = (field: z.core.$ZodType): boolean => z.globalRegistry.get(field)?.ownSetting === true;
