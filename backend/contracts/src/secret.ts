/** Secrets on their way in and out: they go in and never come out. */
import { z } from 'zod';

import { epochMsSchema, idSchema, nameSchema, referenceSchema } from './basic.js';

export const secretText = (longest: number) => z.string().min(1).max(longest).meta({ secret: true });

/** A secret on its way in: stays, is replaced, goes. */
export const secretChange = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('change', [
    z.strictObject({ change: z.literal('keep') }),
    z.strictObject({ change: z.literal('set'), value }),
    z.strictObject({ change: z.literal('clear') }),
  ]);
export type SecretChange<T> = { change: 'keep' } | { change: 'set'; value: T } | { change: 'clear' };

/** As `secretChange`, or a secret of the store of who asks. */
export const namedSecretChange = (longest: number) =>
  z.discriminatedUnion('change', [
    z.strictObject({ change: z.literal('keep') }),
    z.strictObject({ change: z.literal('set'), value: secretText(longest) }),
    z.strictObject({ change: z.literal('clear') }),
    z.strictObject({ change: z.literal('named'), secretId: idSchema }),
  ]);
export type NamedSecretChange = z.infer<ReturnType<typeof namedSecretChange>>;

/** Stands in settings in place of a secret of their own. */
export const secretReferenceSchema = z.strictObject({ secretId: idSchema });
export type SecretReference = z.infer<typeof secretReferenceSchema>;

/** A secret on its way out. */
export const secretStateSchema = z.object({ isSet: z.boolean(), changedAt: epochMsSchema.nullable() });
export type SecretState = z.infer<typeof secretStateSchema>;

export const namedSecretStateSchema = secretStateSchema
  .extend({ named: referenceSchema.nullable() })
  .meta({ id: 'SecretState' });
export type NamedSecretState = z.infer<typeof namedSecretStateSchema>;

/** PEM keys are the longest. */
const LONGEST_SECRET = 20_000;

/** A secret that several settings of one scope may refer to by its name. */
export const namedSecretInputSchema = z
  .strictObject({
    name: nameSchema,
    description: z.string().max(1_000).default(''),
    value: secretChange(secretText(LONGEST_SECRET)).default({ change: 'keep' }),
  })
  .meta({ id: 'NamedSecretInput' });
export type NamedSecretInput = z.infer<typeof namedSecretInputSchema>;

/** As the provisioning file writes it. */
export const namedSecretDefinitionSchema = z.strictObject({
  name: nameSchema,
  description: z.string().max(1_000).default(''),
  value: secretText(LONGEST_SECRET),
});
export type NamedSecretDefinition = z.infer<typeof namedSecretDefinitionSchema>;

export const namedSecretSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    changedAt: epochMsSchema,
    managed: z.boolean(),
    revision: z.int(),
    /** Mail servers that refer to it. */
    usedBy: z.array(referenceSchema),
  })
  .meta({ id: 'NamedSecret' });
export type NamedSecret = z.infer<typeof namedSecretSchema>;
export const namedSecretListSchema = z.object({ items: z.array(namedSecretSchema) }).meta({ id: 'NamedSecretList' });
