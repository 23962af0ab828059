import type { ImportedChain as ImportAnswer } from '@signalpost/contracts';
import type { RuleChainDefinition } from '@signalpost/rule-nodes';
import { assignMailServers, importRuleChain, type ImportResult } from '@signalpost/rule-nodes/thingsboard';

import type { Actor } from '../access/index.js';
import type { UnitOfWork } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import type { MailServers } from '../mail/index.js';
import { type Extraction, saveExtractedServers } from './extracted-servers.js';

/** A file, read for one chain of one tenant. */
export interface ReadChain {
  readonly name: string;
  readonly description: string;
  readonly definition: RuleChainDefinition;
  readonly report: ImportAnswer['report'];
}

/** What is read, and who gave it. */
export interface ChainFile {
  readonly file: unknown;
  /** Given by the operator's provisioning file: its SMTP servers may be in private networks. */
  readonly mayDialAnywhere: boolean;
  readonly by: Actor;
}

/**
 * Reads a ThingsBoard rule-chain file. SMTP settings inside become named mail servers of the tenant.
 * @throws ProblemError rule-chain-file-refused
 */
export async function readFile(
  uow: UnitOfWork,
  mailServers: MailServers,
  tenantId: string,
  chainId: string,
  { file, mayDialAnywhere, by }: ChainFile,
): Promise<ReadChain> {
  const chains = await chainsOf(uow, tenantId);
  const read = importRuleChain(file, { chainId, ruleChainOf: (id) => chains.get(id) ?? null });
  if (!read.ok) throw refusal(read.problems);
  const extraction = await saveExtractedServers(
    { uow, mailServers, tenantId, mayDialAnywhere, by },
    read.extractedSmtp,
  );
  const { name, description, definition } = read.chain;
  const assigned = assignMailServers(definition, extraction.serverIds);
  return { name, description: description ?? '', definition: plain(assigned), report: withNotes(read, extraction) };
}

async function chainsOf(uow: UnitOfWork, tenantId: string): Promise<Map<string, { id: string; name: string }>> {
  const rows = await uow.query<{ id: string; name: string }>('SELECT id, name FROM rule_chain WHERE tenant_id = $1', [
    tenantId,
  ]);
  return new Map(rows.map((row) => [row.id, row]));
}

function refusal(problems: readonly string[]): ProblemError {
  return new ProblemError('rule-chain-file-refused', { errors: problems.map((message) => ({ pointer: '', message })) });
}

/** As it is when it comes back from the database: what is undefined is not there. */
function plain(definition: RuleChainDefinition): RuleChainDefinition {
  return JSON.parse(JSON.stringify(definition)) as RuleChainDefinition; // the same value, without undefined fields
}

function withNotes({ report }: Extract<ImportResult, { ok: true }>, { notes }: Extraction): ImportAnswer['report'] {
  return {
    nodes: report.nodes.map(({ nodeId, name, type, level, notes: own }) => {
      const added = notes.get(nodeId);
      return { name, type, level: added?.level ?? level, notes: [...own, ...(added ? [added.text] : [])] };
    }),
  };
}
