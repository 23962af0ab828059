import { ATTRIBUTE_SCOPES } from '@signalpost/rule-nodes';
import { z } from 'zod';

import { epochMsSchema, idSchema } from './basic.js';

const keyValue = {
  key: z.string(),
  ts: epochMsSchema,
  value: z.unknown().meta({ description: 'Boolean, number, string or any other JSON' }),
};

export const latestTelemetrySchema = z
  .object({ values: z.array(z.object(keyValue).meta({ id: 'TelemetryValue' })) })
  .meta({ id: 'LatestTelemetry' });

export type LatestTelemetry = z.infer<typeof latestTelemetrySchema>;

export const attributeScopeSchema = z.enum(ATTRIBUTE_SCOPES).meta({ id: 'AttributeScope' });

export const attributesSchema = z
  .object({ values: z.array(z.object({ scope: attributeScopeSchema, ...keyValue }).meta({ id: 'AttributeValue' })) })
  .meta({ id: 'Attributes' });

export type Attributes = z.infer<typeof attributesSchema>;

/** What people write: `CLIENT_SCOPE` is the device's own. */
export const writableScopeSchema = attributeScopeSchema
  .exclude(['CLIENT_SCOPE'])
  .meta({ id: 'WritableAttributeScope' });

const MAX_ATTRIBUTES = 100;
const attributeKeySchema = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

export const attributeValuesSchema = z
  .strictObject({
    values: z
      .record(attributeKeySchema, z.unknown())
      .refine((values) => Object.keys(values).length > 0, 'must not be empty')
      .refine((values) => Object.keys(values).length <= MAX_ATTRIBUTES, `must have at most ${MAX_ATTRIBUTES} keys`)
      .refine((values) => !JSON.stringify(values).includes('\\u0000'), 'must not contain NUL characters'),
  })
  .meta({ id: 'AttributeValues' });

export type AttributeValues = z.infer<typeof attributeValuesSchema>;

export const attributeScopeParamSchema = z.object({ id: idSchema, scope: writableScopeSchema });
export const attributeParamSchema = attributeScopeParamSchema.extend({ key: z.string().min(1).max(255) });
