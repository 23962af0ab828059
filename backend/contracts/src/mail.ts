/** The mail log and the sandbox's inbox, as the HTTP API says them. */
import { z } from 'zod';

import { epochMsSchema, idSchema, referenceSchema } from './basic.js';
import { pageOf, pageQuerySchema } from './paging.js';
import { systemMailIdSchema } from './system-mail.js';

/**
 * `waiting` for its turn, a retry or an earlier mail · `sending` · `accepted` by the server for all recipients ·
 * `refused` for at least one · `cancelled` by a person · `expired`: older than its time to give up · `suppressed`: not sent,
 * because a person has muted its alarm.
 */
export const DELIVERY_STATES = [
  'waiting',
  'sending',
  'accepted',
  'refused',
  'cancelled',
  'expired',
  'suppressed',
] as const;
export const deliveryStateSchema = z.enum(DELIVERY_STATES);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

/** Why a mail was not accepted: the sentence says what to do. */
export const deliveryFailureSchema = z
  .object({ code: z.string(), message: z.string(), retryable: z.boolean() })
  .meta({ id: 'DeliveryFailure' });
export type DeliveryFailure = z.infer<typeof deliveryFailureSchema>;

const deliverySummary = {
  id: idSchema,
  tenant: referenceSchema
    .nullable()
    .meta({ description: "Null: the reader's own; else whose user a mail of the system is for" }),
  createdAt: epochMsSchema,
  state: deliveryStateSchema,
  /** Empty for mails of the system, which may tell codes. */
  subject: z.string(),
  template: systemMailIdSchema
    .nullable()
    .meta({ description: 'A mail that the system sent by itself; null: of a rule chain' }),
  recipients: z.array(z.string()),
  /** name is null when the server is gone. */
  server: z.object({ id: idSchema, name: z.string().nullable(), scope: z.enum(['system', 'tenant']) }),
  attempts: z.int(),
  /** null once settled. */
  nextAttemptAt: epochMsSchema.nullable(),
  reply: z.string().nullable(),
  failure: deliveryFailureSchema.nullable(),
  alarmId: idSchema.nullable(),
  /** null: not a device, or deleted. */
  originatorName: z.string().nullable(),
};
export const deliverySummarySchema = z.object(deliverySummary).meta({ id: 'DeliverySummary' });
export type DeliverySummary = z.infer<typeof deliverySummarySchema>;
/** Query of the mail log: the newest first, of one state or all. */
export const deliveryQuerySchema = pageQuerySchema.extend({
  state: deliveryStateSchema.optional(),
  alarmId: idSchema.optional().meta({ description: 'Only the mails about this alarm' }),
});
export type DeliveryQuery = z.infer<typeof deliveryQuerySchema>;
/** Refused and given up ones are counted over the last day. */
export const deliveryCountsSchema = z
  .object({ waiting: z.int(), refused: z.int(), expired: z.int() })
  .meta({ id: 'DeliveryCounts' });
export type DeliveryCounts = z.infer<typeof deliveryCountsSchema>;

export const deliveryPageSchema = pageOf(deliverySummarySchema, 'DeliveryPage');

export const deliveryAttemptSchema = z
  .object({
    attempt: z.int(),
    at: epochMsSchema,
    serverRevision: z.int(),
    durationMs: z.int(),
    accepted: z.boolean(),
    reply: z.string().nullable(),
    failure: deliveryFailureSchema.nullable(),
  })
  .meta({ id: 'DeliveryAttempt' });
export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>;

export const refusedRecipientSchema = z
  .object({ address: z.string(), reply: z.string() })
  .meta({ id: 'RefusedRecipient' });
export type RefusedRecipient = z.infer<typeof refusedRecipientSchema>;

export const deliveryDetailSchema = z
  .object({
    ...deliverySummary,
    messageId: z.string().nullable(),
    settledAt: epochMsSchema.nullable(),
    giveUpAt: epochMsSchema,
    acceptedRecipients: z.array(z.string()),
    refusedRecipients: z.array(refusedRecipientSchema),
    history: z.array(deliveryAttemptSchema),
  })
  .meta({ id: 'DeliveryDetail' });
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;

const inboxSummary = {
  id: idSchema,
  receivedAt: epochMsSchema,
  sender: z.string(),
  recipients: z.array(z.string()),
  subject: z.string(),
};
export const inboxMessageSummarySchema = z
  .object({ ...inboxSummary, preview: z.string() })
  .meta({ id: 'InboxMessageSummary' });
export type InboxMessageSummary = z.infer<typeof inboxMessageSummarySchema>;
export const inboxPageSchema = pageOf(inboxMessageSummarySchema, 'InboxPage');

export const inboxMessageSchema = z
  .object({
    ...inboxSummary,
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    text: z.string(),
    /** Sanitised, pictures inline as data URIs; for a sandboxed frame all the same. null: the mail has no HTML. */
    html: z.string().nullable(),
  })
  .meta({ id: 'InboxMessage' });
export type InboxMessage = z.infer<typeof inboxMessageSchema>;
