/** OAuth 2.0: applications, the grants of mail servers, and the ways to a consent. */
import { z } from 'zod';

import { epochMsSchema, idSchema, nameSchema } from './basic.js';
import { mailProviderIdSchema, oauthFlowSchema } from './mail-provider.js';
import { secretChange, secretStateSchema, secretText } from './secret.js';

const word = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[\x21-\x7e]+$/, 'must not contain blanks or control characters');

/** Blanks, Markdown links and `${…}` come from copying; a fragment is never part of an endpoint (RFC 6749 §3.1). */
const endpointSchema = z
  .string()
  .max(2048)
  .regex(
    /^https?:\/\/[^\s<>()[\]{}"'`$#@\\]+$/,
    'must be a plain address like https://login.example.org/token: no blanks, brackets or "${"',
  );

/** RFC 6749 §3.3. */
export const oauthScopesSchema = z
  .array(
    z
      .string()
      .max(512)
      .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope without blanks'),
  )
  .max(50);

const addressSchema = z.string().trim().min(3).max(254).regex(/^\S+$/, 'must not contain blanks');

/** Where an authority listens; what is absent comes from the provider's template, or from the issuer's own metadata (RFC 8414). */
const endpoints = {
  issuer: endpointSchema.optional(),
  authorizationUrl: endpointSchema.optional(),
  tokenUrl: endpointSchema.optional(),
  deviceUrl: endpointSchema.optional(),
  revocationUrl: endpointSchema.optional(),
  userinfoUrl: endpointSchema.optional(),
};

const publicSettings = {
  /** A service account has its key instead. */
  clientId: word(512).optional(),
  /** Microsoft: the directory (tenant) id or a verified domain. */
  directoryId: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,253}$/, 'must be a directory id or a domain')
    .optional(),
  ...endpoints,
};

/** Signs the application in with a certificate instead of a secret (RFC 7523 §2.2). PEM texts. */
const certificateSchema = z.strictObject({ certificate: z.string().max(20_000), privateKey: secretText(20_000) });

/** The key file of a Google service account with domain-wide delegation. */
const serviceAccountSchema = z.strictObject({ email: addressSchema, privateKey: secretText(20_000) });

const secretSettings = {
  clientSecret: secretText(2048).optional(),
  certificate: certificateSchema.optional(),
  serviceAccount: serviceAccountSchema.optional(),
};

/** One registration at a provider: who Signalpost is there. */
export const oauthApplicationSettingsSchema = z.strictObject({ ...publicSettings, ...secretSettings });
export type OAuthApplicationSettings = z.infer<typeof oauthApplicationSettingsSchema>;

/** Stored beside the settings; grows with each step upgrade of their shape. */
export const OAUTH_APPLICATION_SCHEMA_VERSION = 1;

const described = {
  name: nameSchema,
  provider: mailProviderIdSchema,
  /** The system administrator lets every tenant use it. */
  shared: z.boolean().default(false),
  /** When secret or certificate end; certificates tell by themselves. */
  secretExpiresAt: epochMsSchema.nullable().default(null),
};

export const oauthApplicationInputSchema = z
  .strictObject({
    ...described,
    ...publicSettings,
    clientSecret: secretChange(secretText(2048)).default({ change: 'keep' }),
    certificate: secretChange(certificateSchema).default({ change: 'keep' }),
    serviceAccount: secretChange(serviceAccountSchema).default({ change: 'keep' }),
  })
  .meta({ id: 'OAuthApplicationInput' });
export type OAuthApplicationInput = z.infer<typeof oauthApplicationInputSchema>;

/** An application as the provisioning file writes it: name and settings on one level, secrets as they are. */
export const oauthApplicationDefinitionSchema = z.strictObject({
  ...described,
  ...publicSettings,
  ...secretSettings,
});
export type OAuthApplicationDefinition = z.infer<typeof oauthApplicationDefinitionSchema>;

export const oauthApplicationSchema = z
  .object({
    id: idSchema,
    /** `system`: shared by the system administrator; a tenant sees its name and provider alone. */
    scope: z.enum(['system', 'tenant']),
    name: z.string(),
    provider: mailProviderIdSchema,
    shared: z.boolean(),
    managed: z.boolean(),
    revision: z.int(),
    secretExpiresAt: epochMsSchema.nullable(),
    clientId: z.string().nullable(),
    directoryId: z.string().nullable(),
    issuer: z.string().nullable(),
    authorizationUrl: z.string().nullable(),
    tokenUrl: z.string().nullable(),
    deviceUrl: z.string().nullable(),
    revocationUrl: z.string().nullable(),
    userinfoUrl: z.string().nullable(),
    serviceAccountEmail: z.string().nullable(),
    clientSecret: secretStateSchema,
    certificate: secretStateSchema,
    serviceAccount: secretStateSchema,
  })
  .meta({ id: 'OAuthApplication' });
export type OAuthApplication = z.infer<typeof oauthApplicationSchema>;
export const oauthApplicationListSchema = z
  .object({ items: z.array(oauthApplicationSchema) })
  .meta({ id: 'OAuthApplicationList' });

const signIn = {
  kind: z.literal('oauth2'),
  flow: oauthFlowSchema,
  /** The mailbox that signs in and consents. */
  username: addressSchema,
  /** Another mailbox that `username` may send for; it then stands in XOAUTH2's `user=`. */
  sharedMailbox: addressSchema.optional(),
  /** Instead of the template's. */
  scopes: oauthScopesSchema.optional(),
};

/** How a mail server signs in with OAuth: part of its settings. */
export const oauthSettingsSchema = z.strictObject({ ...signIn, applicationId: idSchema });
export type OAuthSettings = z.infer<typeof oauthSettingsSchema>;

/** As the provisioning file may write it: an application of its own is made of the inline fields. */
export const oauthInlineSettingsSchema = z.strictObject({
  ...signIn,
  secretExpiresAt: described.secretExpiresAt,
  ...publicSettings,
  ...secretSettings,
});
export type OAuthInlineSettings = z.infer<typeof oauthInlineSettingsSchema>;

/**
 * `none`: no token yet · `waiting-for-consent` of a person · `valid` · `expiring`: works, but something dies within two
 * weeks · `needs-consent`: the provider refuses it for good · `failing`: cannot be refreshed now, but a consent would not help.
 */
export const OAUTH_GRANT_STATES = [
  'none',
  'waiting-for-consent',
  'valid',
  'expiring',
  'needs-consent',
  'failing',
] as const;
export const oauthGrantStateSchema = z.enum(OAUTH_GRANT_STATES);
export type OAuthGrantState = z.infer<typeof oauthGrantStateSchema>;

export const oauthFailureSchema = z
  .object({
    code: z.string(),
    /** What happened. */
    message: z.string(),
    /** What to do. */
    advice: z.string(),
    retryable: z.boolean(),
  })
  .meta({ id: 'OAuthFailure' });
export type OAuthFailureView = z.infer<typeof oauthFailureSchema>;

/** What a person types on another device (RFC 8628 §3.2). */
export const deviceSignInSchema = z
  .object({
    userCode: z.string(),
    verificationUri: z.string(),
    expiresAt: epochMsSchema,
  })
  .meta({ id: 'DeviceSignIn' });
export type DeviceSignIn = z.infer<typeof deviceSignInSchema>;

/** Where the provider sends the browser back to, and whether it will. */
export const redirectAdviceSchema = z
  .object({
    redirectUri: z.string(),
    accepted: z.boolean(),
    /** Why not, and what to do instead; null when it is accepted. */
    advice: z.string().nullable(),
  })
  .meta({ id: 'RedirectAdvice' });
export type RedirectAdvice = z.infer<typeof redirectAdviceSchema>;

/** One mailbox's consent and its health; never a token. */
export const oauthGrantSchema = z
  .object({
    state: oauthGrantStateSchema,
    flow: oauthFlowSchema,
    applicationId: idSchema,
    mailbox: z.string(),
    sharedMailbox: z.string().nullable(),
    /** Who consented; null while nobody has, or when the provider does not tell. */
    account: z.string().nullable(),
    scopes: z.array(z.string()),
    obtainedAt: epochMsSchema.nullable(),
    accessExpiresAt: epochMsSchema.nullable(),
    refreshExpiresAt: epochMsSchema.nullable(),
    /** What is known of the end where there is no date, or why there is one. */
    expiryNote: z.string().nullable(),
    lastRefreshAt: epochMsSchema.nullable(),
    nextRefreshAt: epochMsSchema.nullable(),
    lastError: oauthFailureSchema.extend({ at: epochMsSchema }).nullable(),
    failures: z.int(),
    revision: z.int(),
    /** Under way: a code to type on another device. */
    device: deviceSignInSchema.nullable(),
    redirect: redirectAdviceSchema,
  })
  .meta({ id: 'OAuthGrant' });
export type OAuthGrant = z.infer<typeof oauthGrantSchema>;

/** `localhost`: nothing listens there; the person pastes the final address back. */
export const startConsentSchema = z
  .strictObject({ redirect: z.enum(['callback', 'localhost']).default('callback') })
  .meta({ id: 'StartConsent' });
export type StartConsent = z.infer<typeof startConsentSchema>;

export const startedConsentSchema = z
  .object({ url: z.string(), redirectUri: z.string(), expiresAt: epochMsSchema })
  .meta({ id: 'StartedConsent' });
export type StartedConsent = z.infer<typeof startedConsentSchema>;

/** The address at which the browser ended. */
export const pastedRedirectSchema = z.strictObject({ address: z.string().max(8192) }).meta({ id: 'PastedRedirect' });
export type PastedRedirect = z.infer<typeof pastedRedirectSchema>;

/** For a colleague who may consent. */
export const handOverSchema = z
  .object({
    /** Works once. */
    url: z.string(),
    expiresAt: epochMsSchema,
    /** Where an administrator allows it for the whole directory; null: the provider has no such page. */
    adminConsentUrl: z.string().nullable(),
    /** Ready to paste; null where there is nothing to run. */
    powerShell: z.string().nullable(),
  })
  .meta({ id: 'HandOver' });
export type HandOver = z.infer<typeof handOverSchema>;

/** Query of the callback (RFC 6749 §4.1.2, RFC 9207); more parameters are ignored (RFC 6749 §3.1). */
export const callbackQuerySchema = z.object({
  state: z.string().max(512).optional(),
  code: z.string().max(8192).optional(),
  iss: z.string().max(2048).optional(),
  error: z.string().max(512).optional(),
  error_description: z.string().max(4096).optional(),
  /** Microsoft's page for administrators comes back with it. */
  admin_consent: z.string().max(64).optional(),
});
export type CallbackQuery = z.infer<typeof callbackQuerySchema>;
