/**
 * The shapes of a mail server's settings: with secrets in hand, as stored, as they come in, as they go out, and as the
 * provisioning file writes them. They differ in what a secret is and in what the provider's template fills in.
 */
import { z } from 'zod';

import { epochMsSchema, idSchema, nameSchema, referenceSchema } from './basic.js';
import { mailProviderIdSchema } from './mail-provider.js';
import {
  AUTH_HINTS,
  basicAuth,
  clientCertificate,
  connectionFields,
  dkim,
  filled,
  host,
  hostOrMacro,
  MACRO,
  MAIL_PRIORITIES,
  MAIL_SERVER_SECTIONS,
  MAIL_TRANSPORTS,
  mailTransportKindSchema,
  messageFields,
  OUTBOUND_PROVIDER_IDS,
  port,
  portOrMacro,
  TLS_VERSIONS,
  unfilled,
  username,
  type MailTransportKind,
} from './mail-server-fields.js';
import { oauthGrantStateSchema, oauthInlineSettingsSchema, oauthSettingsSchema } from './oauth.js';
import { namedSecretChange, namedSecretStateSchema, secretReferenceSchema, secretText } from './secret.js';
import { tlsModeSchema } from './smtp.js';

export {
  MACRO,
  MAIL_PRIORITIES,
  MAIL_SERVER_SECTIONS,
  MAIL_TRANSPORTS,
  mailTransportKindSchema,
  OUTBOUND_PROVIDER_IDS,
  TLS_VERSIONS,
  type MailTransportKind,
};

const none = z.strictObject({ kind: z.literal('none') });
const { transport, ...connection } = connectionFields;
/** In the order in which a form shows them. */
const beforeHost = { provider: z.enum(OUTBOUND_PROVIDER_IDS), ...messageFields, transport };

/** Any server but the sandbox, everything in hand: what a mail is sent with. Never stored, never answered. Times are milliseconds. */
export const outboundSettingsSchema = z.strictObject({
  ...beforeHost,
  host,
  port: port.optional(),
  ...filled,
  ...connection,
  auth: z
    .discriminatedUnion('kind', [none, basicAuth(secretText, username), oauthSettingsSchema])
    .default({ kind: 'none' })
    .meta(AUTH_HINTS),
  clientCertificate: clientCertificate(secretText),
  dkim: dkim(secretText),
});
export type OutboundSettings = z.infer<typeof outboundSettingsSchema>;

/** The SMTP server inside the product: keeps every mail in the inbox page, sends nothing outside. */
export const sandboxSettingsSchema = z.strictObject({
  provider: z.literal('sandbox'),
  ...messageFields,
  from: messageFields.from.default('Signalpost <signalpost@sandbox.invalid>'),
});
export type SandboxSettings = z.infer<typeof sandboxSettingsSchema>;

export const mailServerSettingsSchema = z.discriminatedUnion('provider', [
  outboundSettingsSchema,
  sandboxSettingsSchema,
]);
export type MailServerSettings = z.infer<typeof mailServerSettingsSchema>;

const ownOrNamed = (longest: number) => z.union([secretText(longest), secretReferenceSchema]);

/** As `mail_server.settings` holds it, its secrets opened: macros and references to named secrets are still in it. */
export const storedOutboundSettingsSchema = z.strictObject({
  ...outboundSettingsSchema.shape,
  host: hostOrMacro,
  port: portOrMacro.optional(),
  auth: z
    .discriminatedUnion('kind', [none, basicAuth(ownOrNamed, username), oauthSettingsSchema])
    .default({ kind: 'none' })
    .meta(AUTH_HINTS),
  clientCertificate: clientCertificate(ownOrNamed),
  dkim: dkim(ownOrNamed),
});
export type StoredOutboundSettings = z.infer<typeof storedOutboundSettingsSchema>;
export const storedMailServerSettingsSchema = z.discriminatedUnion('provider', [
  storedOutboundSettingsSchema,
  sandboxSettingsSchema,
]);
export type StoredMailServerSettings = z.infer<typeof storedMailServerSettingsSchema>;

/** Stored beside the settings; grows with each step upgrade of their shape. */
export const MAIL_SERVER_SCHEMA_VERSION = 1;

/** Left out as a whole, a secret stays as it is. */
const changeOf = (longest: number) => namedSecretChange(longest).default({ change: 'keep' });

/** As a page sends it. What is left out is as the provider's template says. */
export const outboundInputSchema = z.strictObject({
  ...beforeHost,
  host: hostOrMacro.optional(),
  port: portOrMacro.optional(),
  ...unfilled,
  ...connection,
  auth: z
    .discriminatedUnion('kind', [none, basicAuth(changeOf, username.optional()), oauthSettingsSchema])
    .default({ kind: 'none' })
    .meta(AUTH_HINTS),
  clientCertificate: clientCertificate(changeOf),
  dkim: dkim(changeOf),
});
export type OutboundInput = z.infer<typeof outboundInputSchema>;
export const mailServerSettingsInputSchema = z.discriminatedUnion('provider', [
  outboundInputSchema,
  sandboxSettingsSchema,
]);
export type MailServerSettingsInput = z.infer<typeof mailServerSettingsInputSchema>;

const stateOf = () => namedSecretStateSchema;

/** As a page gets it. */
export const mailServerSettingsViewSchema = z.discriminatedUnion('provider', [
  z.strictObject({
    ...storedOutboundSettingsSchema.shape,
    auth: z.discriminatedUnion('kind', [none, basicAuth(stateOf, username), oauthSettingsSchema]),
    clientCertificate: clientCertificate(stateOf),
    dkim: dkim(stateOf),
  }),
  sandboxSettingsSchema,
]);
export type MailServerSettingsView = z.infer<typeof mailServerSettingsViewSchema>;

const identity = {
  /** Unique within its scope. */
  name: nameSchema,
  description: z.string().max(1_000).default(''),
  /** One of each scope; the first is it in any case. */
  default: z.boolean().default(false),
  /** System scope alone: sends system mail when the default server cannot. */
  fallback: z.boolean().default(false),
  active: z.boolean().default(true),
};

export const mailServerInputSchema = z
  .strictObject({ ...identity, settings: mailServerSettingsInputSchema })
  .meta({ id: 'MailServerInput' });
export type MailServerInput = z.infer<typeof mailServerInputSchema>;

/** In the provisioning file a secret is a text, or the name of a secret of the same scope. */
const textOrName = (longest: number) => z.union([secretText(longest), z.strictObject({ secret: nameSchema })]);
export type SecretDefinition = z.infer<ReturnType<typeof textOrName>>;

/** OAuth in the provisioning file: an application of the file by its name, or its fields inline. */
export const oauthDefinitionSchema = oauthInlineSettingsSchema.extend({ application: nameSchema.optional() });
export type OAuthDefinition = z.infer<typeof oauthDefinitionSchema>;

const { connectorId: _connectorId, ...inputShape } = outboundInputSchema.shape;

const outboundDefinitionSchema = z.strictObject({
  ...identity,
  ...inputShape,
  /** Name of a connector; null: direct. */
  connector: nameSchema.nullable().optional(),
  auth: z
    .discriminatedUnion('kind', [none, basicAuth(textOrName, username.optional()), oauthDefinitionSchema])
    .default({ kind: 'none' }),
  clientCertificate: clientCertificate(textOrName),
  dkim: dkim(textOrName),
});
export type OutboundDefinition = z.infer<typeof outboundDefinitionSchema>;

/** One mail server as the provisioning file writes it: name and settings on one level. */
export const mailServerDefinitionSchema = z.discriminatedUnion('provider', [
  outboundDefinitionSchema,
  sandboxSettingsSchema.extend(identity),
]);
export type MailServerDefinition = z.infer<typeof mailServerDefinitionSchema>;

export const mailServerSummarySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    provider: mailProviderIdSchema,
    active: z.boolean(),
    isDefault: z.boolean(),
    isFallback: z.boolean(),
    managed: z.boolean(),
    /** null: the sandbox, as are the next four. */
    transport: mailTransportKindSchema.nullable(),
    host: z.string().nullable(),
    port: z.union([z.int(), z.string()]).nullable(),
    tls: tlsModeSchema.nullable(),
    authKind: z.enum(['none', 'basic', 'oauth2']).nullable(),
    /** null: does not sign in with OAuth. */
    grantState: oauthGrantStateSchema.nullable(),
    from: z.string(),
    revision: z.int(),
    /** Why it cannot send as it is, in sentences that say what to do. */
    problems: z.array(z.string()),
  })
  .meta({ id: 'MailServerSummary' });
export type MailServerSummary = z.infer<typeof mailServerSummarySchema>;
export const mailServerListSchema = z
  .object({ items: z.array(mailServerSummarySchema) })
  .meta({ id: 'MailServerList' });

export const mailServerSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    default: z.boolean(),
    fallback: z.boolean(),
    active: z.boolean(),
    /** Named by the provisioning file: cannot be changed here. */
    managed: z.boolean(),
    revision: z.int(),
    updatedAt: epochMsSchema,
    settings: mailServerSettingsViewSchema,
    problems: z.array(z.string()),
  })
  .meta({ id: 'MailServer' });
export type MailServer = z.infer<typeof mailServerSchema>;

/** Who sends over it; `via`: by name, as the scope's default, or as the system's server. */
export const mailServerUsageSchema = z
  .object({
    items: z.array(
      z.object({
        ruleChain: referenceSchema,
        node: referenceSchema,
        via: z.enum(['named', 'default', 'system']),
      }),
    ),
    waitingMails: z.int(),
  })
  .meta({ id: 'MailServerUsage' });
export type MailServerUsage = z.infer<typeof mailServerUsageSchema>;

const jsonSchema = z.record(z.string(), z.unknown());

/** What a form for `settings` is made of. */
export const mailServerFormSchema = z
  .object({
    /** JSON Schema 2020-12 with `FieldHints` and `order` beside each title. */
    outbound: jsonSchema,
    sandbox: jsonSchema,
    sections: z.array(z.object({ id: z.string(), title: z.string() })),
    /** Whether this scope may use macros and have a fallback server. */
    macros: z.boolean(),
    fallback: z.boolean(),
  })
  .meta({ id: 'MailServerForm' });
export type MailServerForm = z.infer<typeof mailServerFormSchema>;

/** Query of a deletion. */
export const mailServerDeletionSchema = z.object({
  replacementId: idSchema.optional().meta({ description: 'Takes over what used the server' }),
});
export type MailServerDeletion = z.infer<typeof mailServerDeletionSchema>;
