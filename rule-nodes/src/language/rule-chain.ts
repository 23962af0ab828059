/** A rule chain as it is stored and edited: nodes and labelled connections between them. */
import { z } from 'zod';

import type { Json } from './rule-message.js';

const JsonValue: z.ZodType<Json> = z.json();

export const RuleNode = z.object({
  /** Stays the same across versions of the chain: derived ids and the outbox key hang on it. */
  id: z.uuid(),
  /** A node type of the catalogue (`filter/script`), or `unknown` with `foreign` set. */
  type: z.string().min(1).max(255),
  name: z.string().min(1).max(255),
  /** Checked by the node's own schema. */
  config: z.record(z.string(), JsonValue),
  /** Version of the configuration's shape, as in the node's descriptor. */
  configVersion: z.int().min(0),
  /** What a file asks to be saved of the node: everything; the host decides for how long, and then saves failures alone. */
  debug: z.boolean().default(false),
  /** Set where a file asks for failures alone. */
  debugFailures: z.literal(true).optional(),
  layout: z.object({ x: z.number(), y: z.number(), description: z.string().optional() }),
  /** What an import found and this product does not know: kept, so that an export gives it back unchanged. */
  foreign: z.record(z.string(), JsonValue).optional(),
});
export type RuleNode = z.infer<typeof RuleNode>;

export const RuleConnection = z.object({
  from: z.uuid(),
  to: z.uuid(),
  /** Matched without regard to case, as ThingsBoard does. */
  label: z.string().min(1).max(255),
});
export type RuleConnection = z.infer<typeof RuleConnection>;

/** One immutable version of a chain: what the runner runs. */
export const RuleChainDefinition = z.object({
  /** Where messages enter; null in drafts and in chains that only generators feed. */
  firstNodeId: z.uuid().nullable(),
  nodes: z.array(RuleNode).max(2000),
  connections: z.array(RuleConnection).max(10000),
  /** Sticky notes and other matters of the editor that a ThingsBoard file carries. */
  notes: z.array(JsonValue).optional(),
});
export type RuleChainDefinition = z.infer<typeof RuleChainDefinition>;
