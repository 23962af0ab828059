import type { AlarmMute, AlarmView } from '@signalpost/contracts';

import type { Principal } from '../access/index.js';
import type { Queryable } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import { ALARM_COLUMNS, type AlarmRow, toAlarm } from './alarm-rows.js';

/** A row of `ALARM_VIEW`. */
export interface AlarmViewRow extends AlarmRow {
  readonly mute_until: Date | null;
  readonly mute_reason: string | null;
  /** null: it is not muted. */
  readonly muted_by: string | null;
  readonly muted_at: Date | null;
  readonly comments: number;
}

/** Whether an `alarm_mute m` holds now for an `alarm a` of its originator and type. One until the alarm clears ends with it by itself. */
export const MUTE_HOLDS = `m.tenant_id = a.tenant_id AND m.originator_id = a.originator_id AND m.alarm_type = a.type
    AND (m.until > now() OR (m.alarm_id = a.id AND NOT a.cleared))`;

/** What people see of alarms; goes on with `WHERE`. Besides the alarm, one probe of an index each for mute and comments. */
export const ALARM_VIEW = `
  SELECT ${ALARM_COLUMNS}, m.until AS mute_until, m.reason AS mute_reason, m.muted_by, m.muted_at,
    (SELECT count(*) FROM alarm_comment c WHERE c.tenant_id = a.tenant_id AND c.alarm_id = a.id AND c.kind = 'comment')::int
      AS comments
  FROM alarm a LEFT JOIN alarm_mute m ON ${MUTE_HOLDS}`;

/** @throws ProblemError `not-found`, also for an alarm that the caller may not see */
export async function readAlarm(db: Queryable, { tenantId, customerId }: Principal, id: string): Promise<AlarmViewRow> {
  const [row] = await db.query<AlarmViewRow>(
    `${ALARM_VIEW} WHERE a.tenant_id = $1 AND a.id = $2 AND ($3::uuid IS NULL OR a.customer_id = $3)`,
    [tenantId, id, customerId],
  );
  if (row === undefined) throw new ProblemError('not-found');
  return row;
}

export function toView(row: AlarmViewRow): AlarmView {
  const { originator, originatorName, createdTime, ...rest } = toAlarm(row);
  return {
    ...rest,
    originator: { type: originator.entityType, id: originator.id, name: originatorName },
    createdAt: createdTime,
    muted: muteOf(row),
    comments: row.comments,
  };
}

export function muteOf({ mute_until, mute_reason, muted_by, muted_at }: AlarmViewRow): AlarmMute | null {
  if (muted_by === null || muted_at === null) return null;
  return { until: mute_until?.getTime() ?? null, by: muted_by, at: muted_at.getTime(), reason: mute_reason };
}

/** What the audit log calls it. */
export const auditedAlarm = ({ id, type, originator_name }: AlarmViewRow) =>
  ({ type: 'alarm', id, name: `${type}: ${originator_name ?? ''}` }) as const;
