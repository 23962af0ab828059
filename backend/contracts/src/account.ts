import { z } from 'zod';

import { emailSchema, epochMsSchema, labelSchema, newPasswordSchema, referenceSchema } from './basic.js';
import { languageSchema, timeZoneSchema } from './language.js';
import { roleSchema } from './session.js';

/** Secret of a link, as it stands in the address. */
export const linkTokenSchema = z.string().min(1).max(100);

/** What a link in a mail is for. `address-undo` goes to the old address when an address changes. */
export const linkPurposeSchema = z
  .enum(['activation', 'password-reset', 'address-confirmation', 'address-undo', 'unlock'])
  .meta({ id: 'LinkPurpose' });

export type LinkPurpose = z.infer<typeof linkPurposeSchema>;

export const linkSchema = z.strictObject({ token: linkTokenSchema }).meta({ id: 'Link' });

export type Link = z.infer<typeof linkSchema>;

/** Whom a link is for, so that the page can say so before anything happens. */
export const linkViewSchema = z
  .object({
    purpose: linkPurposeSchema,
    email: z.string().meta({ description: 'The address that signs in; of address links: the one that will' }),
    name: z.string(),
    tenant: z.object({ name: z.string() }),
    language: languageSchema,
    expiresAt: epochMsSchema,
  })
  .meta({ id: 'LinkView' });

export type LinkView = z.infer<typeof linkViewSchema>;

export const activationSchema = z
  .strictObject({
    token: linkTokenSchema,
    password: newPasswordSchema,
    name: labelSchema.optional(),
    language: languageSchema.nullable().optional(),
    timeZone: timeZoneSchema.nullable().optional(),
  })
  .meta({ id: 'Activation' });

export type Activation = z.infer<typeof activationSchema>;

export const passwordResetSchema = z
  .strictObject({ token: linkTokenSchema, password: newPasswordSchema })
  .meta({ id: 'PasswordReset' });

export type PasswordReset = z.infer<typeof passwordResetSchema>;

/** Any text: an address that cannot exist is answered like every other one. */
export const passwordResetRequestSchema = z
  .strictObject({ email: z.string().min(1).max(254) })
  .meta({ id: 'PasswordResetRequest' });

export type PasswordResetRequest = z.infer<typeof passwordResetRequestSchema>;

export const addressOutcomeSchema = z
  .object({ email: z.string() })
  .meta({ id: 'AddressOutcome', description: 'The address that signs in from now on' });

export type AddressOutcome = z.infer<typeof addressOutcomeSchema>;

/** The rules of a new password as data, so that a page can show them while a person types. */
export const passwordPolicySchema = z
  .object({
    minLength: z.int(),
    maxLength: z.int(),
    minDistinctCharacters: z.int().meta({ description: 'Different characters, without regard to case' }),
    commonWords: z.array(z.string()).meta({
      description:
        'Refused: a password that is one of these, or a repetition of it, once it is in lower case and everything but letters is removed from its ends; or that is one of these as a whole',
    }),
    ownAddressPart: z.int().meta({
      description:
        "Refused: a password that holds the account's address, or its part before the @ of so many characters or more, without regard to case",
    }),
  })
  .meta({ id: 'PasswordPolicy' });

export type PasswordPolicy = z.infer<typeof passwordPolicySchema>;

export const accountSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    tenant: referenceSchema,
    customer: referenceSchema.nullable(),
    language: languageSchema.nullable().meta({ description: "Null: the tenant's language" }),
    tenantLanguage: languageSchema,
    timeZone: z.string().nullable().meta({ description: "Null: the browser's" }),
    hasPassword: z.boolean(),
    passwordChangedAt: epochMsSchema.nullable(),
    pendingAddress: z
      .object({ email: z.string(), expiresAt: epochMsSchema })
      .meta({ id: 'PendingAddress', description: 'An address that still has to be confirmed' })
      .nullable(),
    managed: z
      .boolean()
      .meta({ description: 'Name and address are in the provisioning file and cannot be changed here' }),
  })
  .meta({ id: 'Account' });

export type Account = z.infer<typeof accountSchema>;

export const accountChangesSchema = z
  .strictObject({ name: labelSchema, language: languageSchema.nullable(), timeZone: timeZoneSchema.nullable() })
  .meta({ id: 'AccountChanges' });

export type AccountChanges = z.infer<typeof accountChangesSchema>;

const currentPassword = z.string().min(1).max(256).meta({ description: 'Shows that it is you' });

export const passwordChangeSchema = z
  .strictObject({ currentPassword, newPassword: newPasswordSchema })
  .meta({ id: 'PasswordChange' });

export type PasswordChange = z.infer<typeof passwordChangeSchema>;

export const addressChangeSchema = z
  .strictObject({ email: emailSchema, currentPassword })
  .meta({ id: 'AddressChange' });

export type AddressChange = z.infer<typeof addressChangeSchema>;

export const signedInDeviceSchema = z
  .object({
    id: z.string(),
    current: z.boolean().meta({ description: 'This is the session that asks' }),
    createdAt: epochMsSchema,
    lastSeenAt: epochMsSchema,
    expiresAt: epochMsSchema,
    sourceAddress: z.string().nullable(),
    userAgent: z.string().nullable(),
  })
  .meta({ id: 'SignedInDevice' });

export type SignedInDevice = z.infer<typeof signedInDeviceSchema>;

export const signedInDevicesSchema = z.object({ items: z.array(signedInDeviceSchema) }).meta({ id: 'SignedInDevices' });

export const sessionsEndSchema = z.object({
  everywhere: z.stringbool().default(false).meta({ description: 'Also the session that asks' }),
});

export type SessionsEnd = z.infer<typeof sessionsEndSchema>;
