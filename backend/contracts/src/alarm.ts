import { ALARM_SEVERITIES, ALARM_STATUSES, EntityType } from '@signalpost/rule-nodes';
import { z } from 'zod';

import { alarmMuteSchema } from './alarm-mute.js';
import { epochMsSchema } from './basic.js';
import { pageOf, pageQuerySchema } from './paging.js';

export const alarmSeveritySchema = z.enum(ALARM_SEVERITIES).meta({ id: 'AlarmSeverity' });

/** 0 = has not happened. */
const eventTsSchema = epochMsSchema.meta({ description: 'Epoch milliseconds; 0 when it has not happened' });

export const alarmSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    severity: alarmSeveritySchema,
    status: z.enum(ALARM_STATUSES).meta({ id: 'AlarmStatus' }),
    acknowledged: z.boolean(),
    cleared: z.boolean(),
    originator: z
      .object({ type: EntityType, id: z.string(), name: z.string().nullable() })
      .meta({ id: 'AlarmOriginator' }),
    startTs: eventTsSchema,
    endTs: eventTsSchema,
    ackTs: eventTsSchema,
    clearTs: eventTsSchema,
    details: z.unknown().meta({ description: 'What the rule chain put there; any JSON' }),
    createdAt: epochMsSchema,
    muted: alarmMuteSchema.nullable().meta({ description: 'Null: mails about it are sent' }),
    comments: z.int().meta({ description: 'How many comments people wrote' }),
  })
  .meta({ id: 'Alarm' });

export type AlarmView = z.infer<typeof alarmSchema>;

export const alarmQuerySchema = pageQuerySchema.extend({
  status: z.enum(['active', 'cleared', 'all']).default('active'),
  severity: alarmSeveritySchema.optional(),
  acknowledged: z.stringbool({ error: 'must be true or false' }).optional(),
  muted: z.stringbool({ error: 'must be true or false' }).optional(),
});

export type AlarmQuery = z.infer<typeof alarmQuerySchema>;

/** Active alarms. */
export const alarmCountsSchema = z
  .object({ active: z.int(), bySeverity: z.record(alarmSeveritySchema, z.int()) })
  .meta({ id: 'AlarmCounts' });

export type AlarmCounts = z.infer<typeof alarmCountsSchema>;

export const alarmPageSchema = pageOf(alarmSchema, 'AlarmPage');
