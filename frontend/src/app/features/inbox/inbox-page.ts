import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { injectChosen } from '../../core/routing/chosen';
import { SessionStore } from '../../core/session/session-store';
import { Command } from '../../ui/code/command';
import { Page } from '../../ui/page/page';
import { Split } from '../../ui/split/split';
import { EmptyState } from '../../ui/state/empty-state';
import { ListState } from '../../ui/state/list-state';
import { Ago } from '../../ui/time/ago';
import { InboxStore } from './inbox-store';

@Component({
  selector: 'sp-inbox-page',
  imports: [
    Ago,
    Command,
    EmptyState,
    ListState,
    MatButton,
    MatIcon,
    Page,
    RouterLink,
    RouterOutlet,
    Split,
    TranslocoPipe,
  ],
  templateUrl: './inbox-page.html',
  styleUrl: './inbox-page.scss',
})
export class InboxPage {
  private readonly router = inject(Router);
  protected readonly store = inject(InboxStore);
  protected readonly chosen = injectChosen();
  protected readonly tryIt = inject(SessionStore).tryIt;

  protected async deleteAll(): Promise<void> {
    if (await this.store.deleteAll()) await this.router.navigate(['/inbox']);
  }
}
