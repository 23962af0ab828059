import type { RuleChainDefinition } from '@signalpost/rule-nodes';
import { v7 as uuidV7 } from 'uuid';

import type { Queryable, UnitOfWork } from '../db/index.js';
import { debugAsked, type DebugSettings } from './node-debug.js';

/** A chain with its published version. */
export interface StoredChain {
  id: string;
  name: string;
  description: string;
  root: boolean;
  managed: boolean;
  published_version: number | null;
  updated_at: Date;
  debug: DebugSettings;
  definition: RuleChainDefinition | null;
}

/** For a list with keyset paging. */
export const CHAINS = `
  SELECT c.id, c.name, c.description, c.root, c.managed, c.published_version, c.updated_at, c.debug, v.definition
  FROM rule_chain c
  LEFT JOIN rule_chain_version v ON (v.tenant_id, v.chain_id, v.version) = (c.tenant_id, c.id, c.published_version)
  WHERE c.tenant_id = $1`;

export async function findChain(
  db: Queryable,
  tenantId: string,
  by: { id: string } | { name: string },
): Promise<StoredChain | null> {
  const [column, value] = 'id' in by ? ['id', by.id] : ['name', by.name];
  const [row] = await db.query<StoredChain>(`${CHAINS} AND c.${column} = $2`, [tenantId, value]);
  return row ?? null;
}

export async function createChain(
  uow: UnitOfWork,
  tenantId: string,
  chain: { id: string; name: string; description: string; managed: boolean },
): Promise<void> {
  await uow.query('INSERT INTO rule_chain (tenant_id, id, name, description, managed) VALUES ($1, $2, $3, $4, $5)', [
    tenantId,
    chain.id,
    chain.name,
    chain.description,
    chain.managed,
  ]);
}

/** Adds a version and makes it the published one. Versions are never changed: messages under way keep theirs. */
export async function publish(
  uow: UnitOfWork,
  tenantId: string,
  chainId: string,
  definition: RuleChainDefinition,
): Promise<number> {
  const [row] = await uow.query<{ version: number }>(
    `UPDATE rule_chain c SET updated_at = now(), debug = $3::jsonb || debug, published_version = 1 + coalesce(
       (SELECT max(version) FROM rule_chain_version v WHERE v.tenant_id = c.tenant_id AND v.chain_id = c.id), 0)
     WHERE tenant_id = $1 AND id = $2 RETURNING published_version AS version`,
    [tenantId, chainId, JSON.stringify(debugAsked(definition))],
  );
  if (row === undefined) throw new Error(`There is no rule chain ${chainId} to publish.`);
  await uow.query('INSERT INTO rule_chain_version (tenant_id, chain_id, version, definition) VALUES ($1, $2, $3, $4)', [
    tenantId,
    chainId,
    row.version,
    JSON.stringify(definition),
  ]);
  return row.version;
}

/** The one root of the tenant; the one before steps back. */
export async function makeRoot(uow: UnitOfWork, tenantId: string, chainId: string): Promise<void> {
  await uow.query('UPDATE rule_chain SET root = false WHERE tenant_id = $1 AND root AND id <> $2', [tenantId, chainId]);
  await uow.query('UPDATE rule_chain SET root = true WHERE tenant_id = $1 AND id = $2 AND NOT root', [
    tenantId,
    chainId,
  ]);
}

export async function setManaged(uow: UnitOfWork, tenantId: string, chainId: string, managed: boolean): Promise<void> {
  await uow.query('UPDATE rule_chain SET managed = $3 WHERE tenant_id = $1 AND id = $2', [tenantId, chainId, managed]);
}

/** Unlocks what the provisioning file names no more. @param keep ids @returns the names */
export async function unlockExcept(uow: UnitOfWork, tenantId: string, keep: readonly string[]): Promise<string[]> {
  const rows = await uow.query<{ name: string }>(
    'UPDATE rule_chain SET managed = false WHERE tenant_id = $1 AND managed AND id <> ALL ($2::uuid[]) RETURNING name',
    [tenantId, keep],
  );
  return rows.map((row) => row.name);
}

export async function removeChain(uow: UnitOfWork, tenantId: string, chainId: string): Promise<void> {
  await uow.query('DELETE FROM rule_chain WHERE tenant_id = $1 AND id = $2', [tenantId, chainId]);
}

/** The name itself, or with the first number that makes it free. */
export async function freeName(db: Queryable, tenantId: string, name: string): Promise<string> {
  const rows = await db.query<{ name: string }>('SELECT name FROM rule_chain WHERE tenant_id = $1', [tenantId]);
  const taken = new Set(rows.map((row) => row.name));
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const numbered = `${name} (${number})`;
    if (!taken.has(numbered)) return numbered;
  }
}

export const newChainId = (): string => uuidV7();
