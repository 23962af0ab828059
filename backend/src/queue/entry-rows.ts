import type { Continuation, EntityRef, Json, RuleMessage } from '@signalpost/rule-nodes/runtime';

import type { ClaimedEntry, QueueEntry, Resume } from './queue-types.js';

/** A row of `queue_message` as a claim reads it. */
export interface EntryRow {
  partition: number;
  tenant_id: string;
  seq: string;
  message_id: string;
  originator_type: EntityRef['entityType'];
  originator_id: string;
  customer_id: string | null;
  ts: string;
  type: string;
  metadata: Record<string, string>;
  data_type: RuleMessage['dataType'];
  data: string;
  alarm_id: string | null;
  starts: Continuation[] | null;
  resume: Resume | null;
  attempts: number;
}

/** The columns of a new row in the order in which `toColumns` fills them, with their SQL types. */
export const ENTRY_COLUMNS = [
  ['tenant_id', 'uuid'],
  ['message_id', 'uuid'],
  ['originator_type', 'text'],
  ['originator_id', 'uuid'],
  ['customer_id', 'uuid'],
  ['ts', 'bigint'],
  ['type', 'text'],
  ['metadata', 'json'],
  ['data_type', 'text'],
  ['data', 'text'],
  ['alarm_id', 'uuid'],
  ['starts', 'json'],
  ['resume', 'json'],
] as const;

/** One array a column, for `unnest`. */
export function toColumns(entries: readonly QueueEntry[]): unknown[][] {
  const rows = entries.map(toRow);
  return ENTRY_COLUMNS.map((_, column) => rows.map((row) => row[column]));
}

function toRow({ tenantId, message, starts, resume }: QueueEntry): unknown[] {
  return [
    tenantId,
    message.id,
    message.originator.entityType,
    message.originator.id,
    message.customerId,
    message.ts,
    message.type,
    JSON.stringify(message.metadata),
    message.dataType,
    dataText(message),
    message.alarmId ?? null,
    starts === undefined ? null : JSON.stringify(starts),
    resume === undefined ? null : JSON.stringify(resume),
  ];
}

function dataText(message: RuleMessage): string {
  return message.dataType !== 'JSON' && typeof message.data === 'string' ? message.data : JSON.stringify(message.data);
}

export function fromRow(row: EntryRow): ClaimedEntry {
  return {
    partition: row.partition,
    tenantId: row.tenant_id,
    seq: row.seq,
    attempts: row.attempts,
    message: messageOf(row),
    ...(row.starts === null ? {} : { starts: row.starts }),
    ...(row.resume === null ? {} : { resume: row.resume }),
  };
}

function messageOf(row: EntryRow): RuleMessage {
  return {
    id: row.message_id,
    ts: Number(row.ts),
    type: row.type,
    originator: { entityType: row.originator_type, id: row.originator_id },
    customerId: row.customer_id,
    metadata: row.metadata,
    dataType: row.data_type,
    data: row.data_type === 'JSON' ? (JSON.parse(row.data) as Json) : row.data, // written by `dataText` or checked by ingest
    ...(row.alarm_id === null ? {} : { alarmId: row.alarm_id }),
  };
}
