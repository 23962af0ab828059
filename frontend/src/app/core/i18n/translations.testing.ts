import { type EnvironmentProviders, Injectable, inject, provideAppInitializer } from '@angular/core';
import { type Translation, type TranslocoLoader, TranslocoService, provideTransloco } from '@jsverse/transloco';
import { type Observable, of } from 'rxjs';
import en from '../../../i18n/en';

@Injectable()
class EnglishAtOnce implements TranslocoLoader {
  getTranslation(): Observable<Translation> {
    return of(en);
  }
}

/** The product's own English texts, there before the test begins. */
export function provideTranslations(): EnvironmentProviders[] {
  return [
    ...provideTransloco({
      config: { availableLangs: ['en'], defaultLang: 'en', prodMode: true },
      loader: EnglishAtOnce,
    }),
    provideAppInitializer(() => inject(TranslocoService).load('en')),
  ];
}
