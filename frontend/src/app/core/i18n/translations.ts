import { Injectable, inject } from '@angular/core';
import { type Translation, type TranslocoLoader, TranslocoService } from '@jsverse/transloco';

/** English is complete; another language is another file beside it and an entry here. */
const FILES: Readonly<Record<string, () => Promise<{ default: Translation }>>> = {
  en: () => import('../../../i18n/en.json'),
};

export const LANGUAGES = Object.keys(FILES);

@Injectable()
export class TranslationLoader implements TranslocoLoader {
  async getTranslation(lang: string): Promise<Translation> {
    const load = FILES[lang];
    if (!load) throw new Error(`There is no translation file for "${lang}".`);
    return (await load()).default;
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
