import { z } from 'zod';

import { epochMsSchema, nameSchema } from './basic.js';
import { pageOf } from './paging.js';

export const newCustomerSchema = z.strictObject({ name: nameSchema });

export type NewCustomer = z.infer<typeof newCustomerSchema>;

export const customerSchema = z
  .object({ id: z.string(), name: z.string(), managed: z.boolean(), createdAt: epochMsSchema })
  .meta({ id: 'Customer' });

export type Customer = z.infer<typeof customerSchema>;

export const customerPageSchema = pageOf(customerSchema, 'CustomerPage');
