/** "No mails about this alarm until …", as the HTTP API says it. */
import { z } from 'zod';

import { epochMsSchema } from './basic.js';

/** The longest mute, in days: what is to be silent for good is taken out of the rule chain. */
export const MAX_MUTE_DAYS = 30;
export const MAX_MUTE_REASON_LENGTH = 300;

/** A mute that holds now. It is of the device and the type of the alarm, so one that is raised anew stays quiet, too. */
export const alarmMuteSchema = z
  .object({
    until: epochMsSchema.nullable().meta({ description: 'Null: until this alarm clears' }),
    by: z.string().meta({ description: 'Who muted it' }),
    at: epochMsSchema,
    reason: z.string().nullable(),
  })
  .meta({ id: 'AlarmMute' });

export type AlarmMute = z.infer<typeof alarmMuteSchema>;

/** Why, on one line. Control and format characters would hide or forge text in the mail log. */
const reasonSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_MUTE_REASON_LENGTH, `must have at most ${MAX_MUTE_REASON_LENGTH} characters`)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u, 'must not contain control characters');

export const muteAlarmSchema = z
  .strictObject({
    until: z.union([epochMsSchema, z.literal('cleared')], 'must be a time in epoch milliseconds, or "cleared"').meta({
      description: `A time in the next ${MAX_MUTE_DAYS} days (epoch ms), or "cleared": until this alarm clears`,
    }),
    reason: reasonSchema.nullable().default(null),
  })
  .meta({ id: 'MuteAlarm' });

export type MuteAlarm = z.infer<typeof muteAlarmSchema>;
