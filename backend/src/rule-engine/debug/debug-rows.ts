import type { DebugEvent } from '@signalpost/contracts';

import type { Queryable } from '../../db/index.js';
import type { Keyset } from '../../http/index.js';

/** A row of `debug_event`; its writer is the debug trail alone. */
export interface DebugRow extends Pick<
  DebugEvent,
  'id' | 'nodeId' | 'chainVersion' | 'messageId' | 'messageType' | 'attempt' | 'committed' | 'outcome'
> {
  readonly tenantId: string;
  readonly chainId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly originatorType: DebugEvent['originator']['type'];
  readonly originatorId: string;
  readonly input: DebugEvent['input'];
  readonly outputs: DebugEvent['outputs'];
  readonly error: string | null;
  readonly dropped: number;
}

const INSERT = {
  name: 'engine-debug-insert',
  text: `
    INSERT INTO debug_event (tenant_id, chain_id, id, created_at, node_id, chain_version, message_id, message_type,
                             originator_type, originator_id, attempt, committed, outcome, input, outputs, error, dropped)
    SELECT "tenantId", "chainId", id, to_timestamp(at / 1000.0), "nodeId", "chainVersion", "messageId", "messageType",
           "originatorType", "originatorId", attempt, committed, outcome, input, outputs, error, dropped
    FROM jsonb_to_recordset($1::jsonb) AS new ("tenantId" uuid, "chainId" uuid, id uuid, at bigint, "nodeId" uuid,
      "chainVersion" int, "messageId" uuid, "messageType" text, "originatorType" text, "originatorId" uuid, attempt int,
      committed boolean, outcome text, input jsonb, outputs jsonb, error text, dropped int)`,
};

export async function insertDebugRows(db: Queryable, rows: readonly DebugRow[]): Promise<void> {
  await db.query(INSERT, [JSON.stringify(rows)]);
}

/** Newest first: ids grow with time. @param nodeId null = of the whole chain */
export const debugEventList = (tenantId: string, chainId: string, nodeId: string | null): Keyset => ({
  sql: `
    SELECT e.*, d.name AS originator_name FROM debug_event e
    LEFT JOIN device d ON e.originator_type = 'DEVICE' AND (d.tenant_id, d.id) = (e.tenant_id, e.originator_id)
    WHERE e.tenant_id = $1 AND e.chain_id = $2 ${nodeId === null ? '' : 'AND e.node_id = $3'}`,
  values: nodeId === null ? [tenantId, chainId] : [tenantId, chainId, nodeId],
  keys: { id: 'uuid' },
  order: 'DESC',
});

export interface StoredDebugEvent {
  id: string;
  created_at: Date;
  node_id: string;
  chain_version: number;
  message_id: string;
  message_type: string;
  originator_type: DebugEvent['originator']['type'];
  originator_id: string;
  originator_name: string | null;
  attempt: number;
  committed: boolean;
  outcome: DebugEvent['outcome'];
  input: DebugEvent['input'];
  outputs: DebugEvent['outputs'];
  error: string | null;
  dropped: number;
}

export const toDebugEvent = (row: StoredDebugEvent): DebugEvent => ({
  id: row.id,
  at: row.created_at.getTime(),
  nodeId: row.node_id,
  chainVersion: row.chain_version,
  messageId: row.message_id,
  messageType: row.message_type,
  originator: { type: row.originator_type, id: row.originator_id, name: row.originator_name },
  attempt: row.attempt,
  committed: row.committed,
  outcome: row.outcome,
  input: row.input,
  outputs: row.outputs,
  error: row.error,
  dropped: row.dropped,
});
