/** The history of one alarm: what people wrote and did, and what became of it. */
import { z } from 'zod';

import { alarmSeveritySchema } from './alarm.js';
import { epochMsSchema, idSchema } from './basic.js';
import { pageOf } from './paging.js';

/** As in ThingsBoard. */
export const MAX_COMMENT_LENGTH = 10_000;

/** `comment` is what a person wrote; the others are told by the system. */
export const ALARM_COMMENT_KINDS = [
  'comment',
  'raised',
  'severity-changed',
  'acknowledged',
  'cleared',
  'muted',
  'unmuted',
] as const;

export const alarmCommentSchema = z
  .object({
    id: z.string().meta({ description: 'By which a comment is changed and deleted' }),
    at: epochMsSchema,
    kind: z.enum(ALARM_COMMENT_KINDS).meta({ id: 'AlarmCommentKind' }),
    author: z.string().nullable().meta({ description: 'Who wrote or did it; null: the rule chain' }),
    own: z.boolean().meta({ description: 'Whether it is a comment of who asks' }),
    text: z.string().nullable().meta({ description: 'Plain text: the comment, or why the alarm was muted' }),
    editedAt: epochMsSchema.nullable(),
    until: epochMsSchema.nullable().meta({ description: 'Of "muted"; null there: until the alarm clears' }),
    severity: z
      .object({ from: alarmSeveritySchema, to: alarmSeveritySchema })
      .nullable()
      .meta({ id: 'AlarmSeverityChange', description: 'Of "severity-changed"' }),
  })
  .meta({ id: 'AlarmComment' });

export type AlarmComment = z.infer<typeof alarmCommentSchema>;

/** The newest first. */
export const alarmCommentPageSchema = pageOf(alarmCommentSchema, 'AlarmCommentPage');

/** Lines stay; other control characters have no place in a plain text. */
const commentTextSchema = z
  .string()
  .overwrite((text) => text.replaceAll('\r\n', '\n'))
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_COMMENT_LENGTH, `must have at most ${MAX_COMMENT_LENGTH} characters`)
  .regex(/^(?:[\n\t]|[^\p{Cc}\p{Cs}])*$/u, 'must not contain control characters');

export const writeAlarmCommentSchema = z.strictObject({ text: commentTextSchema }).meta({ id: 'WriteAlarmComment' });

export type WriteAlarmComment = z.infer<typeof writeAlarmCommentSchema>;

/** For `:id/comments/:commentId` in a path. */
export const alarmCommentParamSchema = z.object({ id: idSchema, commentId: idSchema });
