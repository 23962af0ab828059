/** What mails of the system look like: name, colours and logo, of the system and of a tenant. */
import { z } from 'zod';

import { nameSchema } from './basic.js';

export const MAX_LOGO_BYTES = 200_000;
/** Four base64 characters are three bytes. */
const MAX_LOGO_TEXT = Math.ceil(MAX_LOGO_BYTES / 3) * 4 + 100;

const colourSchema = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour like #1a5fb4')
  .transform((colour) => colour.toLowerCase());

const words = {
  productName: nameSchema.nullable().meta({ description: 'Null: as the scope above has it' }),
  accent: colourSchema.nullable().meta({ description: 'Buttons and links. Null: as the scope above has it' }),
  header: colourSchema.nullable().meta({ description: 'The band with the logo. Null: as the scope above has it' }),
};

export const logoChangeSchema = z.discriminatedUnion('change', [
  z.strictObject({ change: z.literal('keep') }),
  z.strictObject({ change: z.literal('clear') }),
  z.strictObject({
    change: z.literal('set'),
    base64: z.string().min(1).max(MAX_LOGO_TEXT).meta({ description: 'A PNG, JPEG or GIF of at most 200 kB' }),
  }),
]);

export const brandingInputSchema = z
  .strictObject({ ...words, logo: logoChangeSchema.default({ change: 'keep' }), revision: z.int().min(0) })
  .meta({ id: 'BrandingInput' });
export type BrandingInput = z.infer<typeof brandingInputSchema>;

/** What holds in the end, after the scopes above were asked. */
export const brandSchema = z
  .object({
    productName: z.string(),
    accent: z.string(),
    onAccent: z.string().meta({ description: 'Text on the accent, chosen by contrast' }),
    header: z.string(),
    onHeader: z.string(),
    logo: z
      .object({
        dataUri: z.string(),
        width: z.int().meta({ description: 'As it is shown, in pixels' }),
        height: z.int(),
      })
      .nullable(),
  })
  .meta({ id: 'Brand' });
export type BrandView = z.infer<typeof brandSchema>;

export const brandingSchema = z
  .object({
    own: z.object({
      productName: z.string().nullable(),
      accent: z.string().nullable(),
      header: z.string().nullable(),
      logo: z.boolean(),
    }),
    effective: brandSchema,
    inherited: brandSchema.meta({ description: 'What holds where nothing is set here' }),
    revision: z.int(),
  })
  .meta({ id: 'Branding' });
export type Branding = z.infer<typeof brandingSchema>;
