import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTabLink, MatTabNav, MatTabNavPanel } from '@angular/material/tabs';
import { Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { SessionStore } from '../../core/session/session-store';
import { Page } from '../../ui/page/page';
import { Toasts } from '../../ui/toast/toasts';
import { AccountStore } from './account-store';

/** Who is signed in, and everything that belongs to that person. */
@Component({
  selector: 'sp-account-page',
  imports: [
    MatButton,
    MatIcon,
    MatTabLink,
    MatTabNav,
    MatTabNavPanel,
    Page,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    TranslocoPipe,
  ],
  templateUrl: './account-page.html',
  styleUrl: './account-page.scss',
  providers: [AccountStore],
})
export class AccountPage {
  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly who = computed(() => this.session.current());
  /** A customer user is told nothing about the tenant. */
  protected readonly tabs = computed(() => [
    'profile',
    'security',
    'tokens',
    ...(this.session.is('customer-user') ? [] : ['notices']),
  ]);

  protected async signOut(): Promise<void> {
    try {
      await this.session.signOut();
      await this.router.navigateByUrl('/sign-in');
    } catch (error) {
      this.toasts.failed(error);
    }
  }
}
