import { mailProviderTemplateSchema } from '@signalpost/contracts';
import type { z } from 'zod';

/** What a provider's folder says in its data; the rest of a template follows from it and from the guide beside it. */
export const providerDescriptionSchema = mailProviderTemplateSchema.omit({
  apiTransports: true,
  guide: true,
  links: true,
});
export type ProviderDescription = z.input<typeof providerDescriptionSchema>;

export const MEBIBYTE = 1024 * 1024;
