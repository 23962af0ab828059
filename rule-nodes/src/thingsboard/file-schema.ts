/**
 * ThingsBoard's rule-chain files, read tolerantly: what several versions and tools write, and what people edit by hand.
 * Only what no chain can be made of is refused.
 */
import { z } from 'zod';

import { flag } from '../language/config-fields.js';
import type { JsonObject } from '../language/rule-message.js';

const JsonRecord: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** Numbers may be texts. */
const index = z.preprocess((value) => (typeof value === 'string' && value.trim() ? Number(value) : value), z.int());
const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);

export const FileNode = z.looseObject({
  type: z.string().min(1),
  name: orNull(z.string()),
  configurationVersion: orNull(index),
  configuration: orNull(JsonRecord),
  debugMode: flag().catch(false),
  debugSettings: orNull(z.looseObject({ allEnabled: orNull(z.boolean()), failuresEnabled: orNull(z.boolean()) })),
  singletonMode: orNull(z.boolean()),
  queueName: orNull(z.string()),
  additionalInfo: orNull(
    z.looseObject({
      layoutX: orNull(z.coerce.number()),
      layoutY: orNull(z.coerce.number()),
      description: orNull(z.string()),
    }),
  ),
});
export type FileNode = z.infer<typeof FileNode>;

export const FileConnection = z.object({ fromIndex: index, toIndex: index, type: z.string().min(1) });
export type FileConnection = z.infer<typeof FileConnection>;

/** How exports before 3.x lead into another chain. */
export const LegacyConnection = z.object({
  fromIndex: index,
  targetRuleChainId: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
  type: z.string().min(1),
  additionalInfo: FileNode.shape.additionalInfo,
});
export type LegacyConnection = z.infer<typeof LegacyConnection>;

export const FileMetadata = z.object({
  firstNodeIndex: orNull(index),
  nodes: z.array(z.json()),
  connections: z.array(z.json()).nullish(),
  ruleChainConnections: z.array(z.json()).nullish(),
  notes: z.array(z.json()).nullish(),
});
export type FileMetadata = z.infer<typeof FileMetadata>;

export const FileHeader = z.object({
  name: orNull(z.string()),
  type: orNull(z.string()),
  root: orNull(z.boolean()),
  additionalInfo: orNull(z.looseObject({ description: orNull(z.string()) })),
});
export type FileHeader = z.infer<typeof FileHeader>;

/** What is needed of a file of any shape. */
export interface RuleChainFile {
  readonly header: FileHeader;
  readonly metadata: FileMetadata;
}
export type ReadFile =
  { readonly ok: true; readonly file: RuleChainFile } | { readonly ok: false; readonly problems: readonly string[] };
