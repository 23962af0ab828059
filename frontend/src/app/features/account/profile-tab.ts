import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { disabled, form, maxLength } from '@angular/forms/signals';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { changeAccount } from '../../core/api/functions';
import type { Account, Language as LanguageCode } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { Language } from '../../core/i18n/language';
import { LANGUAGE_NAMES } from '../../core/i18n/translations';
import { SessionStore } from '../../core/session/session-store';
import { SCHEMES, Theme } from '../../core/theme/theme';
import { Choice } from '../../ui/choice/choice';
import { FORM_PARTS } from '../../ui/form/form-parts';
import { Toasts } from '../../ui/toast/toasts';
import { AccountStore } from './account-store';

/** Name, language, time zone, and the colours of this browser. */
@Component({
  selector: 'sp-profile-tab',
  imports: [...FORM_PARTS, Choice],
  templateUrl: './profile-tab.html',
  styleUrl: './tab.scss',
})
export class ProfileTab {
  private readonly api = inject(Api);
  private readonly store = inject(AccountStore);
  private readonly session = inject(SessionStore);
  private readonly language = inject(Language);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly theme = inject(Theme);
  protected readonly schemes = SCHEMES.map((value) => ({
    value,
    label: this.transloco.translate('account.scheme.' + value),
  }));
  protected readonly languages = LANGUAGE_NAMES;
  protected readonly timeZones = Intl.supportedValuesOf('timeZone');

  protected readonly account = computed(() => this.store.account.value());
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    linkedSignal(() => startOf(this.account())),
    (path) => {
      maxLength(path.name, 255);
      disabled(path.name, { when: () => this.account()?.managed === true });
    },
    { submission: { action: () => this.save() } },
  );

  private async save(): Promise<void> {
    this.problem.set(null);
    const { name, language, timeZone } = this.form().value();
    try {
      const body = { name: name.trim(), language: language || null, timeZone: timeZone || null };
      const account = await this.api.invoke(changeAccount, { body });
      this.store.account.set(account);
      await this.session.reread();
      this.toasts.done(this.transloco.translate('account.saved'));
      await this.language.choose(account.language ?? account.tenantLanguage);
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}

function startOf(account: Account | undefined) {
  const language: LanguageCode | '' = account?.language ?? '';
  return { name: account?.name ?? '', language, timeZone: account?.timeZone ?? '' };
}
