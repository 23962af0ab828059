import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { SessionStore } from '../../core/session/session-store';
import { SCHEMES, Theme } from '../../core/theme/theme';
import { Choice } from '../../ui/choice/choice';
import { Page } from '../../ui/page/page';
import { Toasts } from '../../ui/toast/toasts';
import { ApiTokens } from './api-tokens';

@Component({
  selector: 'sp-account-page',
  imports: [ApiTokens, Choice, MatButton, MatIcon, Page, TranslocoPipe],
  templateUrl: './account-page.html',
  styleUrl: './account-page.scss',
})
export class AccountPage {
  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly theme = inject(Theme);
  protected readonly who = computed(() => this.session.current());
  protected readonly schemes = SCHEMES.map((value) => ({
    value,
    label: this.transloco.translate('account.scheme.' + value),
  }));

  protected async signOut(): Promise<void> {
    try {
      await this.session.signOut();
      await this.router.navigateByUrl('/sign-in');
    } catch (error) {
      this.toasts.failed(error);
    }
  }
}
