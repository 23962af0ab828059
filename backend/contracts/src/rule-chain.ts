import { z } from 'zod';

import { epochMsSchema, nameSchema } from './basic.js';
import { pageOf } from './paging.js';

/** Something about a chain that a person should know. */
export const chainProblemSchema = z
  .object({
    level: z.enum(['error', 'warning']),
    nodeName: z.string().nullable(),
    text: z.string(),
  })
  .meta({ id: 'RuleChainProblem' });

export const ruleChainSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    root: z.boolean().meta({ description: 'Every message of the tenant enters here; one chain at most' }),
    managed: z.boolean(),
    version: z.int().nullable().meta({ description: 'The published version; null before the first' }),
    nodeCount: z.int(),
    updatedAt: epochMsSchema,
    problems: z.array(chainProblemSchema),
  })
  .meta({ id: 'RuleChain' });

export type RuleChainView = z.infer<typeof ruleChainSchema>;

export const ruleChainPageSchema = pageOf(ruleChainSchema, 'RuleChainPage');

/** What became of one node of an imported file. */
export const importedNodeSchema = z
  .object({
    name: z.string(),
    type: z.string(),
    level: z.enum(['ok', 'info', 'warning', 'error']),
    notes: z.array(z.string()),
  })
  .meta({ id: 'ImportedNode' });

export const importReportSchema = z.object({ nodes: z.array(importedNodeSchema) }).meta({ id: 'ImportReport' });

export const importedChainSchema = z.object({ chain: ruleChainSchema, report: importReportSchema }).meta({ id: 'ImportedRuleChain' });

export type ImportedChain = z.infer<typeof importedChainSchema>;

/** The body is a ThingsBoard rule-chain file: the reader takes every shape of it and says what it cannot use. */
export const ruleChainFileSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: 'RuleChainFile', description: 'A ThingsBoard rule-chain file' });

export const importQuerySchema = z.object({
  name: nameSchema.optional().meta({ description: "Instead of the file's own name" }),
});
