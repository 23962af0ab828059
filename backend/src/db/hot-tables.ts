import type { PartitionedTable } from './partitions.js';

/** How long what is only of interest for a while is kept, in days. */
export interface Retention {
  /** null = for ever. */
  readonly telemetryDays: number | null;
  /** Whole months go, as each partition that is kept costs every statement of the outbox. */
  readonly mailLogDays: number;
  /** null = for ever. */
  readonly auditDays: number | null;
}

/** As in ThingsBoard. */
const DEBUG_DAYS = 7;

/** The tables of the migrations that are partitioned by time. */
export function hotTables({ telemetryDays, mailLogDays, auditDays }: Retention): PartitionedTable[] {
  return [
    {
      table: 'queue_message',
      column: 'accepted_at',
      columnType: 'timestamptz',
      period: 'day',
      keepDays: 1,
      needed: 'true',
    },
    {
      table: 'telemetry',
      column: 'ts',
      columnType: 'epoch-ms',
      period: 'month',
      keepDays: telemetryDays,
      needed: 'false',
    },
    {
      table: 'delivery',
      column: 'created_at',
      columnType: 'timestamptz',
      period: 'month',
      keepDays: mailLogDays,
      needed: 'settled_at IS NULL',
    },
    {
      table: 'delivery_attempt',
      column: 'at',
      columnType: 'timestamptz',
      period: 'month',
      keepDays: mailLogDays,
      needed: 'false',
    },
    {
      table: 'debug_event',
      column: 'created_at',
      columnType: 'timestamptz',
      period: 'day',
      keepDays: DEBUG_DAYS,
      needed: 'false',
    },
    {
      table: 'audit_event',
      column: 'at',
      columnType: 'timestamptz',
      period: 'month',
      keepDays: auditDays,
      needed: 'false',
    },
  ];
}
