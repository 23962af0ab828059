import type { Alarm, AlarmSeverity, AlarmStatus, EntityRef, Json } from '@signalpost/rule-nodes/runtime';

/** A row of `alarm` with its originator's name, as `ALARM_COLUMNS` selects it. */
export interface AlarmRow {
  tenant_id: string;
  id: string;
  created_at: Date;
  type: string;
  originator_type: EntityRef['entityType'];
  originator_id: string;
  originator_name: string | null;
  customer_id: string | null;
  severity: AlarmSeverity;
  acknowledged: boolean;
  cleared: boolean;
  start_ts: string;
  end_ts: string;
  ack_ts: string;
  clear_ts: string;
  details: Json;
  propagation: Partial<Propagation>;
}

/** How far up the owners an alarm is to be seen; kept as one document, nothing searches it. */
export type Propagation = Pick<
  Alarm,
  'propagate' | 'propagateToOwner' | 'propagateToTenant' | 'propagateRelationTypes'
>;

const OWN_COLUMNS = `tenant_id, id, created_at, type, originator_type, originator_id, customer_id, severity, acknowledged,
  cleared, start_ts, end_ts, ack_ts, clear_ts, details, propagation`;

/** For `FROM alarm a`. Devices are the originators that have names so far. */
export const ALARM_COLUMNS = `${OWN_COLUMNS.replace(/(\w+)/g, 'a.$1')},
  (SELECT name FROM device d WHERE d.tenant_id = a.tenant_id AND d.id = a.originator_id) AS originator_name`;

export function toAlarm(row: AlarmRow): Alarm {
  return {
    id: row.id,
    createdTime: row.created_at.getTime(),
    type: row.type,
    originator: { entityType: row.originator_type, id: row.originator_id },
    originatorName: row.originator_name,
    customerId: row.customer_id,
    severity: row.severity,
    status: statusOf(row),
    acknowledged: row.acknowledged,
    cleared: row.cleared,
    startTs: Number(row.start_ts),
    endTs: Number(row.end_ts),
    ackTs: Number(row.ack_ts),
    clearTs: Number(row.clear_ts),
    details: row.details,
    propagate: row.propagation.propagate ?? false,
    propagateToOwner: row.propagation.propagateToOwner ?? false,
    propagateToTenant: row.propagation.propagateToTenant ?? false,
    propagateRelationTypes: row.propagation.propagateRelationTypes ?? [],
  };
}

export function statusOf({ cleared, acknowledged }: Pick<Alarm, 'cleared' | 'acknowledged'>): AlarmStatus {
  return `${cleared ? 'CLEARED' : 'ACTIVE'}_${acknowledged ? 'ACK' : 'UNACK'}`;
}
