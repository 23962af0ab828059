import { descriptorOfThingsBoard } from '../catalog.js';
import { deriveId } from '../language/derive-id.js';
import type { RuleNode } from '../language/rule-chain.js';
import type { JsonObject } from '../language/rule-message.js';
import type { NodeDescriptor } from '../node/describe-node.js';
import { upgradeConfig } from '../node/upgrade-config.js';
import { notesOnNode } from './advice.js';
import { extractSmtp, SMTP_SECRETS, type ExtractedSmtp } from './extracted-smtp.js';
import type { FileNode } from './file-schema.js';
import { withoutForeignSecrets } from './foreign-secrets.js';
import { info, warning, type Note } from './notes.js';

export interface ImportedNode {
  readonly node: RuleNode;
  readonly notes: readonly Note[];
  readonly smtp: ExtractedSmtp | null;
}

/** @param place the node's index in the file; with its name and the chain's id it makes the node's id */
export function importNode(chainId: string, place: number, file: FileNode, raw: JsonObject): ImportedNode {
  const descriptor = descriptorOfThingsBoard(file.type);
  const name = nameOf(file, descriptor);
  const common = { id: nodeIdOf(chainId, place, name), name, ...debugOf(file), layout: layoutOf(file, place) };
  if (!descriptor) return foreignNode(common, raw, file.configuration);
  const { config, configVersion, notes } = configOf(descriptor, file);
  const leftovers = leftoversOf(file);
  const node: RuleNode = {
    ...common,
    type: descriptor.type,
    config,
    configVersion,
    ...(leftovers ? { foreign: leftovers } : {}),
  };
  const smtp = descriptor.type === 'external/send-email' ? extractSmtp(node.id, name, file.configuration ?? {}) : null;
  return { node, smtp, notes: [...notes, ...leftoverNotes(file), ...notesOnNode(node, file, smtp)] };
}

/** The same whenever the same file is imported into the same chain. */
export const nodeIdOf = (chainId: string, place: number, name: string): string =>
  deriveId(chainId, name, 'node', place);

type Common = Pick<RuleNode, 'id' | 'name' | 'debug' | 'debugFailures' | 'layout'>;
const LONGEST_NAME = 255;

const nameOf = ({ name, type }: FileNode, descriptor: NodeDescriptor | undefined): string => {
  const given = name?.trim() ? name : (descriptor?.name ?? type.split('.').at(-1) ?? type);
  return given.slice(0, LONGEST_NAME);
};

function debugOf({ debugMode, debugSettings }: FileNode): Pick<RuleNode, 'debug' | 'debugFailures'> {
  if (debugMode || debugSettings?.allEnabled === true) return { debug: true };
  return { debug: false, ...(debugSettings?.failuresEnabled === true ? { debugFailures: true } : {}) };
}

/** Nodes that name no place stand in rows of five. */
function layoutOf({ additionalInfo }: FileNode, place: number): RuleNode['layout'] {
  const [x, y] = [
    additionalInfo?.layoutX ?? 300 + (place % 5) * 240,
    additionalInfo?.layoutY ?? 150 + Math.floor(place / 5) * 120,
  ];
  return additionalInfo?.description ? { x, y, description: additionalInfo.description } : { x, y };
}

function foreignNode(common: Common, raw: JsonObject, configuration: JsonObject | null | undefined): ImportedNode {
  const { config, emptied } = withoutForeignSecrets(configuration ?? {});
  const foreign = configuration ? { ...raw, configuration: config } : raw;
  const node: RuleNode = { ...common, type: 'unknown', config: {}, configVersion: 0, foreign };
  const lost = warning(`Secrets in its settings were not taken over: ${emptied.join(', ')}.`);
  return { node, notes: emptied.length ? [lost] : [], smtp: null };
}

// ── configuration ────────────────────────────────────────────────────────────────────────────────────────────────────
interface ReadConfig {
  readonly config: JsonObject;
  readonly configVersion: number;
  readonly notes: readonly Note[];
}

function configOf(descriptor: NodeDescriptor, file: FileNode): ReadConfig {
  if (!file.configuration)
    return {
      config: parsed(descriptor, descriptor.defaults),
      configVersion: descriptor.configVersion,
      notes: [NO_CONFIGURATION],
    };
  const from = Math.max(0, file.configurationVersion ?? 0);
  const config = withoutSecrets(descriptor, file.configuration);
  const upgraded = upgradeConfig(descriptor.upgrades, config, from);
  if (!upgraded.ok) return isCurrent(descriptor, config) ? current(descriptor, config, []) : asItIs(config, from);
  return current(descriptor, upgraded.config, from > descriptor.thingsboard.version ? [NEWER] : []);
}

const NO_CONFIGURATION = warning(
  'The file holds no configuration for this node; the settings of a new node are used. Check them.',
);
const NEWER = warning('The node was made by a newer version of ThingsBoard. Check its settings.');

/** What the checks of the definition have to say comes with them. */
const asItIs = (config: JsonObject, configVersion: number): ReadConfig => ({ config, configVersion, notes: [] });

function current(descriptor: NodeDescriptor, config: JsonObject, notes: readonly Note[]): ReadConfig {
  const read = descriptor.config.safeParse(config);
  const stray = strayKeys(descriptor, config);
  return {
    config: read.success ? parsed(descriptor, read.data) : config,
    configVersion: descriptor.configVersion,
    notes: stray.length
      ? [...notes, info(`Settings that this node does not know were left out: ${stray.join(', ')}.`)]
      : notes,
  };
}

/** Already in the newest shape, whatever version it says; ThingsBoard takes such a configuration too. */
const isCurrent = (descriptor: NodeDescriptor, config: JsonObject): boolean =>
  strayKeys(descriptor, config).length === 0 && descriptor.config.safeParse(config).success;

/** `version` is what ThingsBoard writes into configurations that are empty. */
const strayKeys = (descriptor: NodeDescriptor, config: JsonObject): string[] =>
  Object.keys(config).filter((key) => key !== 'version' && !(key in descriptor.config.shape));

/** The checked configuration with all keys; what came as JSON and passed a schema of JSON values is JSON. */
function parsed(descriptor: NodeDescriptor, config: unknown): JsonObject {
  return descriptor.config.parse(config) as JsonObject; // the schema's fields hold JSON values only; a contract test says so
}

function withoutSecrets({ type }: NodeDescriptor, config: JsonObject): JsonObject {
  if (type !== 'external/send-email') return config;
  const { [SMTP_SECRETS[0]]: _password, [SMTP_SECRETS[1]]: _proxyPassword, ...rest } = config;
  return rest;
}

// ── what the product does not use ────────────────────────────────────────────────────────────────────────────────────
function leftoversOf({ singletonMode, queueName }: FileNode): JsonObject | null {
  const leftovers: JsonObject = {};
  if (singletonMode) leftovers['singletonMode'] = true;
  if (queueName) leftovers['queueName'] = queueName;
  return Object.keys(leftovers).length ? leftovers : null;
}

const leftoverNotes = ({ queueName }: FileNode): Note[] =>
  queueName
    ? [info(`The queue "${queueName}" is kept for exports; all messages of an originator run in order here.`)]
    : [];
