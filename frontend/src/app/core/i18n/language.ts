import { Injectable, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { type LanguageCode, isLanguage } from './translations';

const STORED_AS = 'signalpost.language';

/** The language of the texts: what the person chose, else the browser's first that we have, else English. */
@Injectable({ providedIn: 'root' })
export class Language {
  private readonly transloco = inject(TranslocoService);

  get current(): string {
    return this.transloco.getActiveLang();
  }

  /** Before the first page is drawn. */
  start(): Promise<void> {
    return this.show(this.stored() ?? this.ofBrowser());
  }

  /** The person's choice; a language that this version does not have changes nothing. */
  async choose(code: string): Promise<void> {
    if (!isLanguage(code) || code === this.current) return;
    localStorage.setItem(STORED_AS, code);
    await this.show(code);
  }

  /** For this page alone: whoever opened it has chosen nothing. */
  async show(code: LanguageCode): Promise<void> {
    await firstValueFrom(this.transloco.load(code));
    this.transloco.setActiveLang(code);
  }

  private stored(): LanguageCode | undefined {
    const code = localStorage.getItem(STORED_AS) ?? '';
    return isLanguage(code) ? code : undefined;
  }

  private ofBrowser(): LanguageCode {
    return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
  }
}
