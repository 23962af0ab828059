import { z } from 'zod';

import { epochMsSchema, emailSchema, labelSchema, referenceSchema } from './basic.js';
import { pageOf } from './paging.js';
import { roleSchema } from './session.js';

export const newUserSchema = z.strictObject({ email: emailSchema, name: labelSchema.default('') });

export type NewUser = z.infer<typeof newUserSchema>;

export const userSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    customer: referenceSchema.nullable(),
    active: z.boolean(),
    managed: z.boolean(),
    createdAt: epochMsSchema,
  })
  .meta({ id: 'User' });

export type User = z.infer<typeof userSchema>;

export const userPageSchema = pageOf(userSchema, 'UserPage');
