import type { AlarmComment } from '@signalpost/contracts';
import type { AlarmSeverity } from '@signalpost/rule-nodes/runtime';
import { v7 as uuidV7 } from 'uuid';

import type { Principal } from '../access/index.js';
import type { UnitOfWork } from '../db/index.js';

/** Something that a person did to an alarm; the alarm's own columns do not tell who it was. */
export interface HistoryNote {
  readonly kind: 'comment' | 'acknowledged' | 'cleared' | 'muted' | 'unmuted';
  readonly text?: string | null;
  /** Of `muted`, epoch milliseconds; null: until the alarm clears. */
  readonly until?: number | null;
}

/** @returns its id. The author's name is kept as it is now, so that it outlives the person. */
export async function noteInHistory(
  uow: UnitOfWork,
  { tenantId, userId }: Principal,
  alarmId: string,
  { kind, text = null, until = null }: HistoryNote,
): Promise<string> {
  const id = uuidV7();
  await uow.query(
    `INSERT INTO alarm_comment (tenant_id, id, alarm_id, kind, author_id, author_name, text, until)
     SELECT $1, $2, $3, $4, u.id, ${NAME_OF_USER}, $6, to_timestamp($7::float8 / 1000)
     FROM user_account u WHERE u.tenant_id = $1 AND u.id = $5`,
    [tenantId, id, alarmId, kind, userId, text, until],
  );
  return id;
}

/** What others call a `user_account u`. */
export const NAME_OF_USER = `coalesce(nullif(u.name, ''), u.email)`;

export interface HistoryRow {
  readonly id: string;
  readonly at: Date;
  readonly kind: AlarmComment['kind'];
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly text: string | null;
  readonly edited_at: Date | null;
  readonly until: Date | null;
  readonly severity: { readonly from: AlarmSeverity; readonly to: AlarmSeverity } | null;
}

const NOTHING_MORE = 'NULL::text AS text, NULL::timestamptz AS edited_at, NULL::timestamptz AS until';

/**
 * All of the history of an alarm ($1 tenant, $2 alarm): what people wrote and did, and what the alarm itself tells of what the
 * rule chain did, for which nobody had to write a row.
 */
export const HISTORY = `
  SELECT c.id::text AS id, c.created_at AS at, c.kind, c.author_id, c.author_name, c.text, c.edited_at, c.until, NULL::jsonb AS severity
  FROM alarm_comment c WHERE c.tenant_id = $1 AND c.alarm_id = $2
  UNION ALL
  SELECT 'raised', a.created_at, 'raised', NULL::uuid, NULL::text, ${NOTHING_MORE}, NULL
  FROM alarm a WHERE a.tenant_id = $1 AND a.id = $2
  UNION ALL
  SELECT 'severity-' || (change ->> 'at'), to_timestamp((change ->> 'at')::float8 / 1000), 'severity-changed', NULL, NULL, ${NOTHING_MORE}, change
  FROM alarm a CROSS JOIN LATERAL unnest(a.severity_changes) AS change WHERE a.tenant_id = $1 AND a.id = $2
  UNION ALL
  SELECT e.kind, to_timestamp(e.ts / 1000.0), e.kind, NULL, NULL, ${NOTHING_MORE}, NULL
  FROM alarm a CROSS JOIN LATERAL (
    VALUES ('acknowledged', a.acknowledged, a.ack_ts), ('cleared', a.cleared, a.clear_ts)) AS e (kind, happened, ts)
  WHERE a.tenant_id = $1 AND a.id = $2 AND e.happened AND NOT EXISTS (
    SELECT FROM alarm_comment c WHERE c.tenant_id = $1 AND c.alarm_id = $2 AND c.kind = e.kind)`;

export const toEntry =
  ({ userId }: Principal) =>
  (row: HistoryRow): AlarmComment => ({
    id: row.id,
    at: row.at.getTime(),
    kind: row.kind,
    author: row.author_name,
    own: row.kind === 'comment' && row.author_id === userId,
    text: row.text,
    editedAt: row.edited_at?.getTime() ?? null,
    until: row.until?.getTime() ?? null,
    severity: row.severity,
  });
