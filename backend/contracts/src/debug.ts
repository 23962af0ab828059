/** Looking into rule chains: what is recorded of a node's messages, and for how long. */
import { EntityType, NODE_CATEGORIES } from '@signalpost/rule-nodes';
import { z } from 'zod';

import { epochMsSchema, idSchema } from './basic.js';
import { pageOf, pageQuerySchema } from './paging.js';
import { chainProblemSchema, ruleChainSchema } from './rule-chain.js';

/** Longest time for which everything of a node is recorded, in minutes. */
export const MAX_DEBUG_MINUTES = 60;

export const nodeDebugSchema = z
  .object({
    failures: z.boolean().meta({ description: 'Messages that fail at the node are recorded' }),
    allUntil: epochMsSchema.nullable().meta({ description: 'Until then all messages are; null: they are not' }),
  })
  .meta({ id: 'RuleNodeDebug' });

export type NodeDebug = z.infer<typeof nodeDebugSchema>;

export const debugSwitchSchema = z
  .strictObject({
    failures: z.boolean(),
    minutes: z
      .int()
      .min(0)
      .max(MAX_DEBUG_MINUTES)
      .meta({ description: 'Record all messages for so long from now; 0 ends it' }),
  })
  .meta({ id: 'RuleNodeDebugSwitch' });

export type DebugSwitch = z.infer<typeof debugSwitchSchema>;

export const chainNodeSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string().meta({ description: "The catalogue's type, or ThingsBoard's where Signalpost has no such node" }),
    typeName: z.string().meta({ description: 'The type for people' }),
    category: z.enum(NODE_CATEGORIES).nullable().meta({ description: 'Null where Signalpost has no such node' }),
    first: z.boolean().meta({ description: 'Messages enter the chain here' }),
    description: z.string(),
    config: z.record(z.string(), z.unknown()),
    outputs: z
      .array(z.object({ label: z.string(), nodeId: z.string() }).meta({ id: 'RuleNodeConnection' }))
      .meta({ description: 'Where messages go on' }),
    problems: z.array(chainProblemSchema.omit({ nodeName: true }).meta({ id: 'RuleNodeProblem' })),
    debug: nodeDebugSchema,
  })
  .meta({ id: 'RuleNode' });

export const ruleChainDetailSchema = ruleChainSchema
  .extend({ nodes: z.array(chainNodeSchema) })
  .meta({ id: 'RuleChainDetail' });

export type RuleChainDetail = z.infer<typeof ruleChainDetailSchema>;

const message = {
  data: z.unknown().meta({ description: 'Data of the message; a text that was cut off when it was too long' }),
  metadata: z.record(z.string(), z.string()),
};

export const debugMessageSchema = z.object(message).meta({ id: 'DebugMessage' });
export const debugOutputSchema = z
  .object({ relation: z.string(), messageType: z.string(), ...message })
  .meta({ id: 'DebugOutput' });

export const DEBUG_OUTCOMES = ['emitted', 'failed', 'parked', 'slow', 'enter', 'leave'] as const;

/** One message at one node. */
export const debugEventSchema = z
  .object({
    id: z.string(),
    at: epochMsSchema,
    nodeId: z.string(),
    chainVersion: z.int(),
    messageId: z.string(),
    messageType: z.string(),
    originator: z
      .object({ type: EntityType, id: z.string(), name: z.string().nullable() })
      .meta({ id: 'DebugOriginator' }),
    attempt: z.int().meta({ description: 'The how-manieth try of the message this was' }),
    committed: z.boolean().meta({ description: 'False: what the batch did was rolled back, and is tried again' }),
    outcome: z.enum(DEBUG_OUTCOMES),
    input: debugMessageSchema,
    outputs: z.array(debugOutputSchema),
    error: z.string().nullable(),
    dropped: z.int().meta({ description: 'Events of this node before this one that were too many to record' }),
  })
  .meta({ id: 'DebugEvent' });

export type DebugEvent = z.infer<typeof debugEventSchema>;

export const debugEventPageSchema = pageOf(debugEventSchema, 'DebugEventPage');

export const debugQuerySchema = pageQuerySchema.extend({ nodeId: idSchema.optional() });

export type DebugQuery = z.infer<typeof debugQuerySchema>;

export const nodeParamSchema = z.object({ id: idSchema, nodeId: idSchema });
