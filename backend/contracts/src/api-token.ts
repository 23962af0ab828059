import { z } from 'zod';

import { epochMsSchema, nameSchema } from './basic.js';
import { pageOf } from './paging.js';

/** Every API token begins so: a leaked one is easy to recognise, by people and by secret scanners. */
export const API_TOKEN_PREFIX = 'sp_';

export const newApiTokenSchema = z
  .strictObject({
    name: nameSchema,
    expiresAt: epochMsSchema.nullable().default(null).meta({ description: 'Null: it does not expire' }),
  })
  .meta({ id: 'NewApiToken' });

export type NewApiToken = z.infer<typeof newApiTokenSchema>;

export const apiTokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: epochMsSchema,
    expiresAt: epochMsSchema.nullable(),
    lastUsedAt: epochMsSchema.nullable(),
  })
  .meta({ id: 'ApiToken' });

export type ApiToken = z.infer<typeof apiTokenSchema>;

export const createdApiTokenSchema = apiTokenSchema
  .extend({ token: z.string().meta({ description: 'Shown this once: only its hash is kept' }) })
  .meta({ id: 'CreatedApiToken' });

export type CreatedApiToken = z.infer<typeof createdApiTokenSchema>;

export const apiTokenPageSchema = pageOf(apiTokenSchema, 'ApiTokenPage');
