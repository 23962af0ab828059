import { z } from 'zod';

import { isJsonObject } from '../language/key-values.js';
import type { Json, JsonObject } from '../language/rule-message.js';
import { problemsOf } from '../language/zod-problems.js';
import { FileHeader, FileMetadata, type ReadFile } from './file-schema.js';

/** Deeper values are no rule chain but an attack on the stack. */
const DEEPEST = 100;

/**
 * Finds the chain in what a file holds: `{ruleChain, metadata}`, the metadata alone, or a server's export of one chain
 * (`{ruleChains: […], metadata: […]}`).
 */
export function readFile(json: unknown): ReadFile {
  if (isDeeperThan(json, DEEPEST)) return refused('The file is nested too deeply for a rule chain.');
  const document = z.json().safeParse(json);
  if (!document.success || !isJsonObject(document.data)) return refused(NO_CHAIN);
  return readDocument(document.data);
}

const NO_CHAIN =
  'This is no ThingsBoard rule chain: it holds no "metadata" with "nodes". Export the chain anew and try again.';
const refused = (...problems: string[]): ReadFile => ({ ok: false, problems });

function readDocument(document: JsonObject): ReadFile {
  const { ruleChain, ruleChains, metadata } = document;
  if (Array.isArray(ruleChains)) return readServerExport(ruleChains, metadata);
  if (metadata === undefined && Array.isArray(document['nodes'])) return readParts({}, document);
  return readParts(isJsonObject(ruleChain) ? ruleChain : {}, metadata);
}

function readServerExport(ruleChains: readonly Json[], metadata: Json | undefined): ReadFile {
  const [only] = ruleChains;
  if (ruleChains.length !== 1 || !isJsonObject(only))
    return refused(`The file holds ${ruleChains.length} rule chains. Export the one that you want by itself.`);
  return readParts(only, Array.isArray(metadata) ? metadata[0] : metadata);
}

function readParts(ruleChain: JsonObject, metadata: Json | undefined): ReadFile {
  if (!isJsonObject(metadata)) return refused(NO_CHAIN);
  const [header, parts] = [FileHeader.parse(ruleChain), FileMetadata.safeParse(metadata)];
  if (!parts.success) return refused(NO_CHAIN, ...problemsOf(parts.error));
  if (header.type && header.type !== 'CORE')
    return refused(`This rule chain is of the type ${header.type}; only chains of the type CORE can be imported.`);
  return { ok: true, file: { header, metadata: parts.data } };
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((part) => isDeeperThan(part, depth - 1));
}
