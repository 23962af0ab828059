import { Injectable, inject } from '@angular/core';
import { type Translation, type TranslocoLoader, TranslocoService } from '@jsverse/transloco';

/** Each is complete (`keys.spec.ts`); another language is another folder beside them and an entry here. */
const FILES = {
  en: () => import('../../../i18n/en'),
  de: () => import('../../../i18n/de'),
} satisfies Record<string, () => Promise<{ default: Translation }>>;

export type LanguageCode = keyof typeof FILES;

/** Each in its own words: whoever looks for a language can read it. */
const NAMES: Readonly<Record<LanguageCode, string>> = { en: 'English', de: 'Deutsch' };

export const LANGUAGES: readonly string[] = Object.keys(FILES);

export const LANGUAGE_NAMES = Object.entries(NAMES).map(([code, name]) => ({ code, name }));

export const isLanguage = (code: string): code is LanguageCode => Object.hasOwn(FILES, code);

@Injectable()
export class TranslationLoader implements TranslocoLoader {
  async getTranslation(lang: string): Promise<Translation> {
    if (!isLanguage(lang)) throw new Error(`There is no translation for "${lang}".`);
    return (await FILES[lang]()).default;
  }
}

/** The form of a counted text: the key's `.one` or `.other` child (and whatever else the language needs). */
export function injectPlural(): (key: string, count: number) => string {
  const transloco = inject(TranslocoService);
  return (key, count) => {
    const lang = transloco.getActiveLang();
    const form = new Intl.PluralRules(lang).select(count);
    return transloco.translate(`${key}.${form}`, { count: new Intl.NumberFormat(lang).format(count) });
  };
}
