/** The connection doctor of mail servers: what it looks at, what it found, and what to do about it. */
import { z } from 'zod';

import { emailSchema, epochMsSchema, idSchema } from './basic.js';
import { apiTransportSchema } from './mail-provider.js';
import { mailServerSettingsInputSchema } from './mail-server.js';
import { tlsModeSchema } from './smtp.js';

/**
 * In the order in which they are taken. With STARTTLS `ehlo` comes twice, before and after `starttls` and `tls`, because
 * everything learnt in clear is forgotten (RFC 3207 §4.2). `dns-records` asks about the From domain and is never fatal.
 */
export const DOCTOR_STEPS = ['dns', 'tcp', 'tls', 'ehlo', 'starttls', 'auth', 'mail-from', 'dns-records'] as const;
export const doctorStepNameSchema = z.enum(DOCTOR_STEPS);
export type DoctorStepName = z.infer<typeof doctorStepNameSchema>;

/** Something that can be done with one click instead of reading the fix. */
export const doctorOfferSchema = z
  .discriminatedUnion('kind', [
    /** Send through the provider's HTTP API instead of SMTP. */
    z.object({ kind: z.literal('switch-transport'), transport: apiTransportSchema }),
    z.object({ kind: z.literal('use-oauth2') }),
    z.object({ kind: z.literal('use-basic') }),
    z.object({ kind: z.literal('set-tls'), tls: tlsModeSchema, port: z.int() }),
    z.object({ kind: z.literal('set-host'), host: z.string() }),
    z.object({ kind: z.literal('set-username'), username: z.string() }),
    z.object({ kind: z.literal('set-from'), from: z.string() }),
    z.object({ kind: z.literal('set-max-connections'), maxConnections: z.int() }),
    z.object({ kind: z.literal('renew-consent') }),
  ])
  .meta({ id: 'DoctorOffer' });
export type DoctorOffer = z.infer<typeof doctorOfferSchema>;

/** Whether the same attempt may succeed without anybody changing anything; `once`: after a fresh access token. */
export const doctorRetrySchema = z.enum(['no', 'once', 'yes', 'slowly', 'after-hours']);
export type DoctorRetry = z.infer<typeof doctorRetrySchema>;

/** `skipped`: not needed, or an earlier step failed. `warning`: it works, and something about it should be changed. */
export const doctorStateSchema = z.enum(['ok', 'warning', 'failed', 'skipped']);
export type DoctorState = z.infer<typeof doctorStateSchema>;

const result = {
  state: doctorStateSchema,
  ms: z.int().meta({ description: 'How long it took, milliseconds' }),
  /** One sentence about what was seen. */
  detail: z.string(),
  /** Why it failed or is a warning, in plain words, and what to do; `code` is the entry of the table of causes. */
  code: z.string().optional(),
  cause: z.string().optional(),
  fix: z.string().optional(),
  retry: doctorRetrySchema.optional(),
  offer: doctorOfferSchema.optional(),
};

export const certificateSchema = z
  .object({
    subject: z.string(),
    issuer: z.string(),
    names: z.array(z.string()).meta({ description: 'The names and addresses that it is valid for' }),
    validFrom: epochMsSchema,
    validTo: epochMsSchema,
    fingerprint256: z.string(),
  })
  .meta({ id: 'Certificate' });
export type Certificate = z.infer<typeof certificateSchema>;

export const tlsFactsSchema = z
  .object({
    version: z.string(),
    cipher: z.string(),
    /** The server's own certificate first. */
    chain: z.array(certificateSchema),
  })
  .meta({ id: 'TlsFacts' });
export type TlsFacts = z.infer<typeof tlsFactsSchema>;

/** What can be read in an access token without being its audience; null: it is not a readable one (Google's are not). */
export const tokenFactsSchema = z
  .object({
    audience: z.string().nullable(),
    scopes: z.array(z.string()).meta({ description: 'Of a token for a person' }),
    roles: z.array(z.string()).meta({ description: 'Of a token for an application' }),
    account: z.string().nullable(),
    expiresAt: epochMsSchema.nullable(),
  })
  .meta({ id: 'TokenFacts' });
export type TokenFacts = z.infer<typeof tokenFactsSchema>;

export const authFactsSchema = z
  .object({
    mechanism: z.string().nullable().meta({ description: 'The one that was used, as EHLO names it' }),
    offered: z.array(z.string()),
    username: z.string().nullable().meta({ description: 'The one that was accepted, or tried last' }),
    token: tokenFactsSchema.nullable(),
  })
  .meta({ id: 'AuthFacts' });
export type AuthFacts = z.infer<typeof authFactsSchema>;

/** `text` is the record as it is published; null: there is none, or it was not looked for. */
export const dnsRecordsSchema = z
  .object({
    domain: z.string(),
    spf: z.string().nullable(),
    dkim: z.string().nullable(),
    dmarc: z.string().nullable(),
    notes: z.array(z.string()),
  })
  .meta({ id: 'DnsRecords' });
export type DnsRecords = z.infer<typeof dnsRecordsSchema>;

export const doctorStepSchema = z
  .discriminatedUnion('step', [
    z.object({ step: z.literal('dns'), ...result, addresses: z.array(z.string()).optional() }),
    z.object({ step: z.literal('tcp'), ...result, address: z.string().optional() }),
    z.object({ step: z.literal('tls'), ...result, tls: tlsFactsSchema.optional() }),
    z.object({ step: z.literal('ehlo'), ...result, extensions: z.array(z.string()).optional() }),
    z.object({ step: z.literal('starttls'), ...result }),
    z.object({ step: z.literal('auth'), ...result, auth: authFactsSchema.optional() }),
    z.object({ step: z.literal('mail-from'), ...result }),
    z.object({ step: z.literal('dns-records'), ...result, records: dnsRecordsSchema.optional() }),
  ])
  .meta({ id: 'DoctorStep' });
export type DoctorStep = z.infer<typeof doctorStepSchema>;

/** One line of the conversation, secrets removed. `note` is ours, about what happened in between. */
export const transcriptLineSchema = z
  .object({
    ms: z.int().meta({ description: 'Milliseconds since the beginning' }),
    from: z.enum(['client', 'server', 'note']),
    text: z.string(),
  })
  .meta({ id: 'TranscriptLine' });
export type TranscriptLine = z.infer<typeof transcriptLineSchema>;

/** A common mistake, seen in the settings before anything is dialled. */
export const lintFindingSchema = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    field: z.string().meta({ description: 'JSON Pointer (RFC 6901) into the settings' }),
    message: z.string(),
    fix: z.string(),
    offer: doctorOfferSchema.optional(),
  })
  .meta({ id: 'LintFinding' });
export type LintFinding = z.infer<typeof lintFindingSchema>;

export const doctorReportSchema = z
  .object({
    healthy: z.boolean().meta({ description: 'No step failed' }),
    findings: z.array(lintFindingSchema),
    steps: z.array(doctorStepSchema),
    transcript: z.array(transcriptLineSchema),
  })
  .meta({ id: 'DoctorReport' });
export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** One line of the streamed answer: the findings first, each step when it is done, the report last. */
export const doctorEventSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('findings'), findings: z.array(lintFindingSchema) }),
    z.object({ kind: z.literal('step'), step: doctorStepSchema }),
    z.object({ kind: z.literal('report'), report: doctorReportSchema }),
    z.object({ kind: z.literal('problem'), detail: z.string() }),
  ])
  .meta({ id: 'DoctorEvent' });
export type DoctorEvent = z.infer<typeof doctorEventSchema>;

/** NDJSON: one JSON text a line. */
export const DOCTOR_MEDIA_TYPE = 'application/x-ndjson';

/** `recipient` is only named to the server (RCPT TO), then taken back: no mail is sent. */
export const diagnoseRequestSchema = z.strictObject({ recipient: emailSchema.optional() });
export type DiagnoseRequest = z.infer<typeof diagnoseRequestSchema>;

/** Settings as they stand in the form, saved or not; secrets that stay are those of the server, where they may. */
const unsaved = { serverId: idSchema.optional(), settings: mailServerSettingsInputSchema };
export const unsavedDiagnoseRequestSchema = diagnoseRequestSchema
  .extend(unsaved)
  .meta({ id: 'UnsavedDiagnoseRequest' });
export type UnsavedDiagnoseRequest = z.infer<typeof unsavedDiagnoseRequestSchema>;

export const testMailRequestSchema = z.strictObject({ recipient: emailSchema });
export type TestMailRequest = z.infer<typeof testMailRequestSchema>;
export const unsavedTestMailRequestSchema = testMailRequestSchema
  .extend(unsaved)
  .meta({ id: 'UnsavedTestMailRequest' });
export type UnsavedTestMailRequest = z.infer<typeof unsavedTestMailRequestSchema>;

/** `arrivedAt`: when somebody pressed "I got it" in the mail; null until then. */
export const testMailSchema = z
  .object({
    id: idSchema,
    /** null: the settings were not saved then. */
    serverId: idSchema.nullable(),
    recipient: z.string(),
    sentAt: epochMsSchema,
    arrivedAt: epochMsSchema.nullable(),
  })
  .meta({ id: 'TestMail' });
export type TestMailView = z.infer<typeof testMailSchema>;

export const testMailResultSchema = z
  .object({
    id: idSchema.meta({ description: 'Names it when somebody says that it arrived' }),
    accepted: z.boolean().meta({ description: 'The server took it; whether it arrived is another matter' }),
    reply: z.string().nullable(),
    messageId: z.string(),
    failure: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
    /** What the table of causes knows about the reply. */
    explanation: z
      .object({
        code: z.string(),
        cause: z.string(),
        fix: z.string(),
        retry: doctorRetrySchema,
        offer: doctorOfferSchema.optional(),
      })
      .nullable(),
    transcript: z.array(transcriptLineSchema),
  })
  .meta({ id: 'TestMailResult' });
export type TestMailResult = z.infer<typeof testMailResultSchema>;
