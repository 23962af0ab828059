import { ATTRIBUTE_SCOPES } from '@signalpost/rule-nodes';
import { z } from 'zod';

import { epochMsSchema } from './basic.js';

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
