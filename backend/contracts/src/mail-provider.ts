/** Provider templates: what the product knows about a mail provider before anybody typed a setting. */
import { z } from 'zod';

import { tlsModeSchema } from './smtp.js';

/** In the order of the picker. Ids stay as they are for good: stored mail servers name them. */
export const MAIL_PROVIDER_IDS = [
  'microsoft-365',
  'google',
  'outlook-com',
  'amazon-ses',
  'sendgrid',
  'mailgun',
  'postmark',
  'mailjet',
  'brevo',
  'mailtrap',
  'resend',
  'sparkpost',
  'zoho',
  'fastmail',
  'icloud',
  'yahoo',
  'aol',
  'microsoft-365-gcc-high',
  'microsoft-365-dod',
  'microsoft-365-china',
  'custom',
  'sandbox',
] as const;
export const mailProviderIdSchema = z.enum(MAIL_PROVIDER_IDS);
export type MailProviderId = z.infer<typeof mailProviderIdSchema>;

/** RFC 6749 §4.1 with PKCE, RFC 6749 §4.4, RFC 8628; `serviceAccount` is Google's JWT bearer (RFC 7523) for a mailbox. */
export const OAUTH_FLOWS = ['authorizationCode', 'clientCredentials', 'deviceCode', 'serviceAccount'] as const;
export const oauthFlowSchema = z.enum(OAUTH_FLOWS);
export type OAuthFlow = z.infer<typeof oauthFlowSchema>;

/** What signs in for a person holds their consent; the others act for the application itself. */
export const DELEGATED_FLOWS: readonly OAuthFlow[] = ['authorizationCode', 'deviceCode'];

/** Ways to hand a mail over besides SMTP. */
export const API_TRANSPORTS = ['graph', 'gmail'] as const;
export const apiTransportSchema = z.enum(API_TRANSPORTS);
export type ApiTransport = z.infer<typeof apiTransportSchema>;

/** What a guide may name in double braces, as in `{{clientId}}`; the form puts in what it knows. */
export const GUIDE_PLACEHOLDERS = ['mailbox', 'clientId', 'directoryId', 'redirectUri'] as const;

const hostSchema = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a host name');
/** `{directoryId}` in it stands for the directory (Microsoft's tenant id). */
const httpsUrlSchema = z.url({ protocol: /^https$/, error: 'must be an https URL' });
const dateSchema = z.iso.date();
const textSchema = z.string().trim().min(1);
const countSchema = z.int().min(1);

const connectionSchema = z.strictObject({ port: z.int().min(1).max(65_535), tls: tlsModeSchema });

const smtpTemplateSchema = z.strictObject({
  /** null: there is no one host; a person chooses one of `otherHosts` or types it. */
  host: hostSchema.nullable(),
  ...connectionSchema.shape,
  /** What the server takes besides, best first. */
  alternatives: z.array(connectionSchema),
  /** Regions and streams of the same provider. */
  otherHosts: z.array(z.strictObject({ host: hostSchema, label: textSchema })),
});

/** Scopes by what the token is for; one request never asks for two of them. */
const scopesSchema = z.strictObject({
  smtp: z.array(z.string()),
  graph: z.array(z.string()).optional(),
  gmail: z.array(z.string()).optional(),
});

const oauthTemplateSchema = z.strictObject({
  library: z.enum(['msal', 'google', 'openid']),
  /** The best first. */
  flows: z.array(oauthFlowSchema).min(1),
  /** Where applications are registered. */
  registerUrl: httpsUrlSchema.optional(),
  /** Microsoft: what the other addresses begin with. */
  authority: httpsUrlSchema.optional(),
  /** RFC 9207: what an answer's `iss` must be. */
  issuer: httpsUrlSchema.optional(),
  /** Absent with all other addresses: a person types them, or the issuer alone. */
  authorizationUrl: httpsUrlSchema.optional(),
  tokenUrl: httpsUrlSchema.optional(),
  deviceUrl: httpsUrlSchema.optional(),
  /** RFC 7009. Absent: the provider cannot revoke one token. */
  revocationUrl: httpsUrlSchema.optional(),
  /** Where an administrator consents for all mailboxes of an application. */
  adminConsentUrl: httpsUrlSchema.optional(),
  directoryId: z.strictObject({ hint: textSchema, default: z.string().optional() }).optional(),
  /** Sent along with the authorization request. */
  authorizationParameters: z.record(z.string(), z.string()),
  /**
   * Everybody takes https, and http on localhost. `publicDomain`: nothing but a name under a public top-level domain
   * besides, no IP address and no name of an inner network.
   */
  redirectUri: z.strictObject({ publicDomain: z.boolean() }),
  /** Of the delegated flows. */
  scopes: scopesSchema,
  /** Of the flows without a person. */
  appOnlyScopes: scopesSchema.optional(),
  /** Asked for besides where mails with more than 3 MB go through Graph: they begin as a draft. */
  largeMailScopes: z.array(z.string()).optional(),
  /** A refresh token that is not used for so long is dead. */
  refreshTokenIdleDays: countSchema.optional(),
});

/** What the provider publishes; absent where it publishes nothing or it depends on the plan. */
const limitsSchema = z.strictObject({
  /** At the same time, of one mailbox or account. */
  connections: countSchema.optional(),
  messagesPerConnection: countSchema.optional(),
  perMinute: countSchema.optional(),
  recipientsPerMessage: countSchema.optional(),
  /** Recipients, each of each mail, within any 24 hours. */
  perDay: countSchema.optional(),
  messageBytes: countSchema.optional(),
});

const warningSchema = z.strictObject({
  text: textSchema,
  /** The day from which it is so; absent: it is so at any time. */
  from: dateSchema.optional(),
  /** Concerns this way alone. */
  about: z.enum(['basic', 'oauth2', ...API_TRANSPORTS]).optional(),
});

export const mailProviderTemplateSchema = z
  .strictObject({
    id: mailProviderIdSchema,
    name: textSchema,
    /** In place of a logo. */
    initials: z.string().regex(/^[A-Za-z0-9]{1,3}$/),
    /** `sandbox`: the inbox inside the product; nothing to set up. */
    kind: z.enum(['smtp', 'sandbox']),
    /** null for the sandbox. */
    smtp: smtpTemplateSchema.nullable(),
    username: z.strictObject({
      hint: z.string(),
      /** The same word for everybody. */
      fixed: z.string().min(1).optional(),
      /** What most type here. */
      suggestion: z.string().min(1).optional(),
    }),
    password: z.strictObject({
      /** What the provider calls it. */
      label: textSchema,
      hint: z.string(),
    }),
    /** The best first; empty for the sandbox. */
    auth: z.array(z.enum(['oauth2', 'basic', 'none'])),
    oauth: oauthTemplateSchema.optional(),
    apiTransports: z.array(apiTransportSchema),
    /** Where the APIs of `apiTransports` live. */
    apiUrls: z.strictObject({ graph: httpsUrlSchema.optional(), gmail: httpsUrlSchema.optional() }),
    limits: limitsSchema,
    warnings: z.array(warningSchema),
    /** The day on which all of this was last compared with what the provider says. */
    checked: dateSchema,
    /** How to set it up, in Markdown; may hold `GUIDE_PLACEHOLDERS`. */
    guide: textSchema,
    /** Every link of the guide, in its order. */
    links: z.array(z.strictObject({ text: textSchema, url: httpsUrlSchema })),
  })
  .meta({ id: 'MailProviderTemplate' });
export type MailProviderTemplate = z.infer<typeof mailProviderTemplateSchema>;
export type MailProviderOAuth = NonNullable<MailProviderTemplate['oauth']>;

export const mailProviderListSchema = z
  .object({ items: z.array(mailProviderTemplateSchema) })
  .meta({ id: 'MailProviderList' });
