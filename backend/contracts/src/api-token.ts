import { z } from 'zod';

import { epochMsSchema, nameSchema } from './basic.js';
import { pageOf } from './paging.js';

/** Every API token begins so: a leaked one is easy to recognise, by people and by secret scanners. */
export const API_TOKEN_PREFIX = 'sp_';

/**
 * What a token may do, never more than its owner's role: `read` looks at everything and changes nothing; `devices` and
 * `mail` also change devices with their customers and alarms, or mail settings and the mail log; `people` invites, changes
 * and deletes users, administrators among them, and is asked for by name; `all` is everything but `people`. What lets
 * somebody into an account (the own account, how people sign in, links, texts of mails, the system's mail servers and
 * its sandbox inbox) needs a person who is signed in, whatever the scope.
 */
export const apiTokenScopeSchema = z.enum(['read', 'devices', 'mail', 'people', 'all']).meta({ id: 'ApiTokenScope' });

export type ApiTokenScope = z.infer<typeof apiTokenScopeSchema>;

const scopes = z.array(apiTokenScopeSchema).min(1);

export const newApiTokenSchema = z
  .strictObject({
    name: nameSchema,
    scopes: scopes.default(['read']).meta({ description: 'What it may do' }),
    expiresAt: epochMsSchema.nullable().default(null).meta({ description: 'Null: it does not expire' }),
  })
  .meta({ id: 'NewApiToken' });

export type NewApiToken = z.infer<typeof newApiTokenSchema>;

export const apiTokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes,
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
