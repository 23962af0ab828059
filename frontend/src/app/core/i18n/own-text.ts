import type { TranslocoService } from '@jsverse/transloco';

/** What the page's language says for a key that it may lack; no other language's text stands in for it. */
export function ownText(transloco: TranslocoService, key: string): string | undefined {
  const text: unknown = transloco.getTranslation(transloco.getActiveLang())[key];
  return typeof text === 'string' ? text : undefined;
}
