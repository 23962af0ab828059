import { type Alarm, deriveId, type Json, type RuleMessage } from '@signalpost/rule-nodes/runtime';

import type { QueueEntry } from '../queue/index.js';

export type AlarmEventType = 'ALARM_ACK' | 'ALARM_CLEAR';

/**
 * What the tenant's root chain is told of an alarm. An alarm is acknowledged and cleared at most once, so the id follows
 * from the alarm and the event: a batch that is run again tells nothing twice.
 */
export function alarmEvent(tenantId: string, alarm: Alarm, type: AlarmEventType): QueueEntry {
  const message: RuleMessage = {
    id: deriveId(alarm.id, alarm.id, type, 0),
    ts: type === 'ALARM_ACK' ? alarm.ackTs : alarm.clearTs,
    type,
    originator: alarm.originator,
    customerId: alarm.customerId,
    metadata: alarm.originatorName === null ? {} : { deviceName: alarm.originatorName },
    dataType: 'JSON',
    data: { ...alarm } as unknown as Json, // an alarm is plain JSON; its interface has no index signature
    alarmId: alarm.id,
  };
  return { tenantId, message };
}
