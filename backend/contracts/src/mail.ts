/** Mail servers, the mail log and the sandbox's inbox, as the HTTP API and the provisioning file say them. */
import { z } from 'zod';

import { epochMsSchema, idSchema, nameSchema } from './basic.js';
import { pageOf, pageQuerySchema } from './paging.js';
import { tlsModeSchema } from './smtp.js';

const oneLine = z.string().regex(/^\P{Cc}*$/u, 'must be one line without control characters');
const milliseconds = (fallback: number) => z.int().min(1_000).max(600_000).default(fallback);

/** One address with an optional name: `Plant 3 <alarm@example.org>`. Parsed in full when the server is saved. */
const mailbox = oneLine.min(3).max(512);

export const mailServerAuthSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('basic'),
    username: oneLine.min(1).max(255),
    password: oneLine.min(1).max(1024).meta({ secret: true }),
  }),
]);
export type MailServerAuth = z.infer<typeof mailServerAuthSchema>;

/** Header names are tokens (RFC 5322 §3.6.8); what Signalpost writes itself is refused when the server is saved. */
const extraHeadersSchema = z.record(
  z.string().regex(/^[A-Za-z0-9-]{1,70}$/, 'must be a header name'),
  oneLine.max(900),
);

const said = {
  /** Who sends when the mail itself does not say. */
  from: mailbox,
  replyTo: mailbox.optional(),
  headers: extraHeadersSchema.default({}),
};

/** Any SMTP server. Times are milliseconds. */
export const customMailServerSchema = z.strictObject({
  provider: z.literal('custom'),
  ...said,
  host: z.string().regex(/^[A-Za-z0-9_.:-]{1,253}$/, 'must be a host name or an IP address'),
  /** As `DEFAULT_SMTP_PORT` says where absent. */
  port: z.int().min(1).max(65_535).optional(),
  tls: tlsModeSchema.default('starttls'),
  auth: mailServerAuthSchema.default({ kind: 'none' }),
  /** Connections at the same time, of each instance; at most four times as many mails are under way. */
  maxConnections: z.int().min(1).max(500).default(5),
  /** Mails over one connection before it is closed and opened anew. */
  maxMessagesPerConnection: z.int().min(1).max(1_000_000).default(1_000),
  connectionTimeout: milliseconds(30_000),
  greetingTimeout: milliseconds(30_000),
  /** Silence of the server within a session. */
  socketTimeout: milliseconds(120_000),
  /** The name this side gives in EHLO; the machine's own where absent. */
  ehloName: z
    .string()
    .regex(/^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f.:]+\])$/, 'must be a host name')
    .max(253)
    .optional(),
});
export type CustomMailServer = z.infer<typeof customMailServerSchema>;

/** The SMTP server inside the product: keeps every mail in the inbox page, sends nothing outside. */
export const sandboxMailServerSchema = z.strictObject({
  provider: z.literal('sandbox'),
  ...said,
  from: mailbox.default('Signalpost <signalpost@sandbox.invalid>'),
});
export type SandboxMailServer = z.infer<typeof sandboxMailServerSchema>;

export const mailServerSettingsSchema = z.discriminatedUnion('provider', [
  customMailServerSchema,
  sandboxMailServerSchema,
]);
export type MailServerSettings = z.infer<typeof mailServerSettingsSchema>;

/** Stored beside the settings; grows with each step upgrade of their shape. */
export const MAIL_SERVER_SCHEMA_VERSION = 1;

const identity = {
  /** Natural key within its tenant. */
  name: nameSchema,
  default: z.boolean().default(false),
  active: z.boolean().default(true),
};

/** One mail server as the provisioning file writes it: name and settings on one level. */
export const mailServerDefinitionSchema = z.discriminatedUnion('provider', [
  customMailServerSchema.extend(identity),
  sandboxMailServerSchema.extend(identity),
]);
export type MailServerDefinition = z.infer<typeof mailServerDefinitionSchema>;

export const mailServerSummarySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    provider: z.enum(['custom', 'sandbox']),
    active: z.boolean(),
    isDefault: z.boolean(),
    managed: z.boolean(),
    /** null: the sandbox. */
    host: z.string().nullable(),
    port: z.int().nullable(),
    tls: tlsModeSchema.nullable(),
    from: z.string(),
    revision: z.int(),
  })
  .meta({ id: 'MailServerSummary' });
export type MailServerSummary = z.infer<typeof mailServerSummarySchema>;
export const mailServerListSchema = z
  .object({ items: z.array(mailServerSummarySchema) })
  .meta({ id: 'MailServerList' });

/**
 * `waiting` for its turn, a retry or an earlier mail · `sending` · `accepted` by the server for all recipients ·
 * `refused` for at least one · `cancelled` by a person · `expired`: older than its time to give up.
 */
export const DELIVERY_STATES = ['waiting', 'sending', 'accepted', 'refused', 'cancelled', 'expired'] as const;
export const deliveryStateSchema = z.enum(DELIVERY_STATES);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

/** Why a mail was not accepted: the sentence says what to do. */
export const deliveryFailureSchema = z
  .object({ code: z.string(), message: z.string(), retryable: z.boolean() })
  .meta({ id: 'DeliveryFailure' });
export type DeliveryFailure = z.infer<typeof deliveryFailureSchema>;

const deliverySummary = {
  id: idSchema,
  createdAt: epochMsSchema,
  state: deliveryStateSchema,
  subject: z.string(),
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
