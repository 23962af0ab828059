import { z } from 'zod';

import { epochMsSchema, idSchema, labelSchema, nameSchema, referenceSchema } from './basic.js';
import { pageOf, pageQuerySchema } from './paging.js';

/** What a device shows to the device API; it stands in the path, so it is letters, digits and `_-.~` (RFC 3986 unreserved). */
export const accessTokenSchema = z
  .string()
  .regex(/^[\w.~-]{1,100}$/, 'must have 1 to 100 characters: letters, digits, "_", "-", "." or "~"');

/** What describes a device, however it is made. */
export const deviceFieldsSchema = z.strictObject({
  name: nameSchema,
  type: nameSchema.default('default'),
  label: labelSchema.default(''),
});

export const newDeviceSchema = deviceFieldsSchema
  .extend({ customerId: idSchema.nullable().default(null) })
  .meta({ id: 'NewDevice' });

export type NewDevice = z.infer<typeof newDeviceSchema>;

export const deviceSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    label: z.string(),
    customer: referenceSchema.nullable(),
    managed: z.boolean(),
    createdAt: epochMsSchema,
    lastActivityAt: epochMsSchema.nullable().meta({ description: 'Time of its newest telemetry value' }),
  })
  .meta({ id: 'Device' });

export type Device = z.infer<typeof deviceSchema>;

const shownOnce = { description: 'Shown this once: only its hash is kept' };

export const createdDeviceSchema = deviceSchema
  .extend({ accessToken: z.string().meta(shownOnce) })
  .meta({ id: 'CreatedDevice' });

export type CreatedDevice = z.infer<typeof createdDeviceSchema>;

export const renewedAccessTokenSchema = z
  .object({ accessToken: z.string().meta(shownOnce) })
  .meta({ id: 'RenewedAccessToken' });

export type RenewedAccessToken = z.infer<typeof renewedAccessTokenSchema>;

export const deviceQuerySchema = pageQuerySchema.extend({
  search: z.string().max(255).optional().meta({ description: 'Part of the name, label or type, without case' }),
});

export type DeviceQuery = z.infer<typeof deviceQuerySchema>;

export const devicePageSchema = pageOf(deviceSchema, 'DevicePage');
