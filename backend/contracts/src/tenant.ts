import { z } from 'zod';

import { epochMsSchema, nameSchema } from './basic.js';
import { DEFAULT_LANGUAGE, languageSchema } from './language.js';
import { pageOf, pageQuerySchema } from './paging.js';

const count = (description: string) => z.int().min(1).max(10_000_000).nullable().default(null).meta({ description });

/** What the system administrator allows a tenant. */
export const tenantLimitsSchema = z
  .strictObject({
    mayUseSystemMail: z
      .boolean()
      .default(false)
      .meta({ description: 'Its rule chains may send over the mail server of the system' }),
    systemMailsPerDay: z.int().min(1).max(10_000_000).nullable().default(1_000).meta({
      description: 'Mails of its rule chains over the mail server of the system, a day (UTC); null: no limit',
    }),
    telemetryPerSecond: z
      .int()
      .min(1)
      .max(1_000_000)
      .nullable()
      .default(null)
      .meta({ description: 'Accepted device requests a second; null: no limit' }),
    maxWaitingMails: z
      .int()
      .min(1)
      .max(10_000_000)
      .default(100_000)
      .meta({ description: 'Mails in the outbox that are not settled yet; more are refused' }),
    maxUsers: count('Users, invited ones included; null: no limit'),
    maxDevices: count('Devices; null: no limit'),
  })
  .meta({ id: 'TenantLimits' });

export type TenantLimits = z.infer<typeof tenantLimitsSchema>;

export const newTenantSchema = z
  .strictObject({
    name: nameSchema,
    language: languageSchema.default(DEFAULT_LANGUAGE).meta({ description: 'Of users who have not chosen one' }),
    limits: tenantLimitsSchema.prefault({}),
  })
  .meta({ id: 'NewTenant' });

export type NewTenant = z.infer<typeof newTenantSchema>;

/** What the form for a tenant's limits is made of: JSON Schema, with bounds and what is so by default. */
export const tenantFormSchema = z.object({ limits: z.record(z.string(), z.unknown()) }).meta({ id: 'TenantForm' });

export type TenantForm = z.infer<typeof tenantFormSchema>;

export const tenantQuerySchema = pageQuerySchema.extend({ search: z.string().max(200).optional() });

export type TenantQuery = z.infer<typeof tenantQuerySchema>;

/** The name once more, so that nobody deletes the wrong tenant with everything in it. */
export const tenantDeletionSchema = z.object({ confirm: z.string() });

export const tenantSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    language: languageSchema,
    limits: tenantLimitsSchema,
    counts: z
      .object({ administrators: z.int(), users: z.int(), devices: z.int(), customers: z.int() })
      .meta({ id: 'TenantCounts' }),
    managed: z.boolean(),
    revision: z.int().meta({ description: 'Counts changes; a change names it in `If-Match`' }),
    createdAt: epochMsSchema,
  })
  .meta({ id: 'Tenant' });

export type Tenant = z.infer<typeof tenantSchema>;

export const tenantPageSchema = pageOf(tenantSchema, 'TenantPage');
