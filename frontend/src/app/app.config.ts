import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  type ApplicationConfig,
  inject,
  isDevMode,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
} from '@angular/core';
import { MAT_FORM_FIELD_DEFAULT_OPTIONS } from '@angular/material/form-field';
import {
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
  withRouterConfig,
} from '@angular/router';
import { provideTransloco } from '@jsverse/transloco';
import { ROUTES } from './app.routes';
import { provideApiConfiguration } from './core/api/api-configuration';
import { problems, signedOut, writeHeader } from './core/http/interceptors';
import { Language } from './core/i18n/language';
import { LANGUAGES, TranslationLoader } from './core/i18n/translations';
import { toUnreachable } from './core/routing/navigation-failure';
import { TranslatedTitles } from './core/routing/titles';
import { Theme } from './core/theme/theme';
import { provideIcons } from './ui/icon/provide-icons';

export const APP_CONFIG: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      ROUTES,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
      withRouterConfig({ paramsInheritanceStrategy: 'always' }),
      withNavigationErrorHandler(toUnreachable),
    ),
    // The last one sees a failure first: it still is an HttpErrorResponse there.
    provideHttpClient(withInterceptors([problems, signedOut, writeHeader])),
    provideApiConfiguration(''),
    provideTransloco({
      config: {
        availableLangs: [...LANGUAGES],
        reRenderOnLangChange: true,
        defaultLang: 'en',
        fallbackLang: 'en',
        prodMode: !isDevMode(),
      },
      loader: TranslationLoader,
    }),
    provideAppInitializer(() => {
      inject(Theme);
      return inject(Language).start();
    }),
    provideIcons(),
    { provide: TitleStrategy, useClass: TranslatedTitles },
    {
      provide: MAT_FORM_FIELD_DEFAULT_OPTIONS,
      useValue: { appearance: 'outline', subscriptSizing: 'dynamic', hideRequiredMarker: true },
    },
  ],
};
