import { z } from 'zod';

import { epochMsSchema, nameSchema } from './basic.js';
import { pageOf } from './paging.js';

/** What the system administrator allows a tenant. */
export const tenantLimitsSchema = z
  .strictObject({
    mayUseSystemMail: z
      .boolean()
      .default(false)
      .meta({ description: 'Its rule chains may send over the mail server of the system' }),
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
  })
  .meta({ id: 'TenantLimits' });

export type TenantLimits = z.infer<typeof tenantLimitsSchema>;

export const newTenantSchema = z.strictObject({ name: nameSchema, limits: tenantLimitsSchema.prefault({}) });

export type NewTenant = z.infer<typeof newTenantSchema>;

export const tenantSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    limits: tenantLimitsSchema,
    managed: z.boolean(),
    createdAt: epochMsSchema,
  })
  .meta({ id: 'Tenant' });

export type Tenant = z.infer<typeof tenantSchema>;

export const tenantPageSchema = pageOf(tenantSchema, 'TenantPage');
