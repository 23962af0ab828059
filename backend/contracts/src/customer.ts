import { z } from 'zod';

import { epochMsSchema, nameSchema } from './basic.js';
import { pageOf, pageQuerySchema } from './paging.js';

export const newCustomerSchema = z.strictObject({ name: nameSchema }).meta({ id: 'NewCustomer' });

export type NewCustomer = z.infer<typeof newCustomerSchema>;

export const customerSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    counts: z.object({ users: z.int(), devices: z.int() }).meta({ id: 'CustomerCounts' }),
    managed: z.boolean(),
    revision: z.int().meta({ description: 'Counts changes; a change names it in `If-Match`' }),
    createdAt: epochMsSchema,
  })
  .meta({ id: 'Customer' });

export type Customer = z.infer<typeof customerSchema>;

export const customerPageSchema = pageOf(customerSchema, 'CustomerPage');

export const customerQuerySchema = pageQuerySchema.extend({ search: z.string().max(200).optional() });

export type CustomerQuery = z.infer<typeof customerQuerySchema>;
