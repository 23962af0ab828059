/** Signing in by a tenant's own identity provider (OpenID Connect). */
import { z } from 'zod';

import { epochMsSchema, idSchema, nameSchema, referenceSchema } from './basic.js';
import { secretChange, secretStateSchema, secretText } from './secret.js';
import { roleSchema } from './session.js';

/** What a domain of addresses looks like; compared in lower case. */
const domainSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]$/,
    'must be a domain like example.org',
  );

/** Roles that people get who come for the first time; nobody becomes a system administrator this way. */
export const newUserRoleSchema = roleSchema.exclude(['system-administrator']).meta({ id: 'NewUserRole' });

const fields = {
  name: nameSchema.meta({ description: 'On the button of the sign-in page' }),
  issuer: z.url({ protocol: /^https$/, error: 'must be an address that begins with https://' }).max(500),
  clientId: z.string().trim().min(1).max(500),
  allowedDomains: z
    .array(domainSchema)
    .min(1, 'name at least one domain')
    .max(50)
    .meta({ description: 'Domains of addresses that the provider speaks for' }),
  newUsers: z
    .enum(['refuse', 'create'])
    .meta({ description: 'People without an account: they are turned away, or get one with `role`' }),
  role: newUserRoleSchema,
  active: z.boolean(),
};

const trustMissingEmailVerified = z.boolean().meta({
  description:
    'Take addresses also where the provider says nothing of having verified them (no claim `email_verified`)',
});

export const identityProviderInputSchema = z
  .strictObject({
    ...fields,
    trustMissingEmailVerified: trustMissingEmailVerified.default(false),
    clientSecret: secretChange(secretText(2_000)),
    customerId: idSchema.nullable().meta({ description: 'Of new users with the role customer-user' }),
  })
  .refine(({ role, customerId }) => (role === 'customer-user') === (customerId !== null), {
    path: ['customerId'],
    message: 'is needed by customer users, and by them alone',
  })
  .meta({ id: 'IdentityProviderInput' });

export type IdentityProviderInput = z.infer<typeof identityProviderInputSchema>;

/** As the provisioning file writes it: the secret itself, and the customer by its name. */
export const identityProviderDefinitionSchema = z
  .strictObject({
    ...fields,
    newUsers: fields.newUsers.default('refuse'),
    role: fields.role.default('tenant-operator'),
    active: fields.active.default(true),
    trustMissingEmailVerified: trustMissingEmailVerified.default(false),
    clientSecret: secretText(2_000).nullable().default(null),
    customer: nameSchema.optional(),
  })
  .refine(({ role, customer }) => (role === 'customer-user') === (customer !== undefined), {
    path: ['customer'],
    message: 'is needed by customer users, and by them alone',
  });

export type IdentityProviderDefinition = z.infer<typeof identityProviderDefinitionSchema>;

/** As it is stored, the secret sealed. */
export const identityProviderSettingsSchema = z.object({
  ...fields,
  trustMissingEmailVerified: trustMissingEmailVerified.default(false),
  clientSecret: secretText(4_000).nullable(),
  customerId: idSchema.nullable(),
});

export type IdentityProviderSettings = z.infer<typeof identityProviderSettingsSchema>;

export const identityProviderSchema = z
  .object({
    ...fields,
    trustMissingEmailVerified,
    issuer: z.string(),
    clientSecret: secretStateSchema,
    customer: referenceSchema.nullable(),
    redirectUri: z.string().meta({ description: 'To be entered at the provider' }),
    signInLink: z.string().meta({ description: "The tenant's sign-in page with this button" }),
    managed: z.boolean(),
    updatedAt: epochMsSchema,
  })
  .meta({ id: 'IdentityProvider' });

export type IdentityProvider = z.infer<typeof identityProviderSchema>;

export const identityProviderStateSchema = z
  .object({ provider: identityProviderSchema.nullable().meta({ description: 'Null: the tenant has none' }) })
  .meta({ id: 'IdentityProviderState' });

export type IdentityProviderState = z.infer<typeof identityProviderStateSchema>;

export const identityProviderButtonSchema = z.object({ name: z.string() }).meta({ id: 'IdentityProviderButton' });

export type IdentityProviderButton = z.infer<typeof identityProviderButtonSchema>;

export const oidcParamSchema = z.object({ tenantId: idSchema });

export const oidcStartQuerySchema = z.object({ returnUrl: z.string().max(500).optional() });

/**
 * Why nobody was signed in; `unverified`: the provider says that it has not verified the address; `not-said`: it says nothing
 * of that. In the address of the page that the browser comes back to.
 */
export const OIDC_REFUSALS = [
  'provider',
  'expired',
  'domain',
  'no-account',
  'inactive',
  'unverified',
  'not-said',
] as const;

export type OidcRefusal = (typeof OIDC_REFUSALS)[number];
