import { z } from 'zod';

import { emailSchema, newPasswordSchema, referenceSchema } from './basic.js';
import { languageSchema } from './language.js';

/** The operator sees and acknowledges, and changes nothing. */
export const roleSchema = z
  .enum(['system-administrator', 'tenant-administrator', 'tenant-operator', 'customer-user'])
  .meta({ id: 'Role' });

export type Role = z.infer<typeof roleSchema>;

/** Header that a browser cannot send across origins without asking first: the guard against forged requests. */
export const REQUEST_HEADER = { name: 'X-Requested-With', value: 'signalpost' } as const;

export const signInSchema = z
  .object({ email: z.string().min(1).max(254), password: z.string().min(1).max(256) })
  .meta({ id: 'SignIn' });

export type SignIn = z.infer<typeof signInSchema>;

/** The passwords stand in the open: the demo is refused where others could reach it. */
export const demoAccountSchema = z
  .object({ email: z.string(), role: roleSchema, password: z.string() })
  .meta({ id: 'DemoAccount' });

export const demoSchema = z
  .object({
    accounts: z.array(demoAccountSchema),
    tryIt: z.string().nullable().meta({ description: 'A line for the shell that makes a device report something' }),
  })
  .meta({ id: 'Demo' });

export type DemoAccount = z.infer<typeof demoAccountSchema>;
export type Demo = z.infer<typeof demoSchema>;

export const sessionSchema = z
  .object({
    user: z
      .object({
        id: z.string(),
        email: z.string(),
        name: z.string(),
        role: roleSchema,
        language: languageSchema,
        timeZone: z.string().nullable().meta({ description: "Null: the browser's" }),
      })
      .meta({ id: 'SessionUser' }),
    tenant: referenceSchema,
    sandboxInbox: z.boolean().meta({ description: 'The tenant has an active sandbox mail server: show its inbox' }),
    demo: demoSchema.nullable().meta({ description: 'In demo mode: who can sign in' }),
  })
  .meta({ id: 'Session' });

export type Session = z.infer<typeof sessionSchema>;

export const setupStateSchema = z
  .object({
    needed: z.boolean().meta({ description: 'There is no system administrator yet' }),
    demo: demoSchema.nullable(),
  })
  .meta({ id: 'SetupState' });

export type SetupState = z.infer<typeof setupStateSchema>;

export const setupSchema = z
  .object({ token: z.string().min(1).max(100), email: emailSchema, password: newPasswordSchema })
  .meta({ id: 'Setup' });

export type Setup = z.infer<typeof setupSchema>;
