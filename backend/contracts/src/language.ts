import { z } from 'zod';

/** Languages that the product speaks, as BCP 47 tags: mails, sentences and the user interface are complete in each. */
export const LANGUAGES = ['en', 'de'] as const;

export const languageSchema = z.enum(LANGUAGES).meta({ id: 'Language' });

export type Language = z.infer<typeof languageSchema>;

/** Where neither a person nor a tenant has chosen. */
export const DEFAULT_LANGUAGE: Language = 'en';

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // RangeError: no such time zone
  }
}

/** A time zone of the IANA database, like `Europe/Berlin`. */
export const timeZoneSchema = z.string().max(64).refine(isTimeZone, 'must be a time zone like Europe/Berlin');
