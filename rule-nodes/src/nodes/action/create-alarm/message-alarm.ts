/** The alarm that a message holds (`useMessageAlarmData`): read leniently, as ThingsBoard does. */
import { z } from 'zod';

import { EntityRef } from '../../../language/rule-message.js';
import { ALARM_SEVERITIES } from '../../../node/ports.js';
import type { Json } from '../../../language/rule-message.js';

const MessageAlarm = z.object({
  type: z.string().min(1),
  severity: z.enum(ALARM_SEVERITIES),
  originator: EntityRef.nullish(),
  details: z.json().nullish(),
  /** 0 = not said. */
  startTs: z
    .number()
    .nullish()
    .transform((ts) => (ts === 0 ? null : ts)),
  propagate: z.boolean().nullish(),
  propagateToOwner: z.boolean().nullish(),
  propagateToTenant: z.boolean().nullish(),
  propagateRelationTypes: z.array(z.string()).nullish(),
});
export type MessageAlarm = z.infer<typeof MessageAlarm>;

export function readMessageAlarm(data: Json): MessageAlarm | string {
  const read = MessageAlarm.safeParse(data);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return `The message holds no alarm: ${issue?.path.join('.') || 'data'}: ${issue?.message ?? 'not readable'}`;
}
