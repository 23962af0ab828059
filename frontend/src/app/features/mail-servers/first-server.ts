import { Component, effect, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { EmptyState } from '../../ui/state/empty-state';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { MailServersStore } from './mail-servers-store';

/** Nobody has chosen a server: the default one is opened; where there is none at all, the way to the first. */
@Component({
  selector: 'sp-first-server',
  imports: [EmptyState, MatButton, MatIcon, ProblemState, RouterLink, Skeleton, TranslocoPipe],
  template: `
    @if (store.problem(); as problem) {
      <sp-problem [problem]="problem" (retry)="store.reload()" />
    } @else if (store.list.hasValue() && store.first() === null) {
      <section class="sp-card">
        <sp-empty-state
          icon="dns"
          [heading]="'mailServers.empty.title' | transloco"
          [text]="(store.isSystem ? 'mailServers.empty.system' : 'mailServers.empty.tenant') | transloco"
        >
          <a matButton="filled" routerLink="/mail-servers/new"
            ><mat-icon svgIcon="add" />{{ 'mailServers.add' | transloco }}</a
          >
        </sp-empty-state>
      </section>
    } @else {
      <div class="sp-card"><sp-skeleton [rows]="6" /></div>
    }
  `,
})
export class FirstServer {
  protected readonly store = inject(MailServersStore);

  constructor() {
    const router = inject(Router);
    effect(() => {
      const first = this.store.first();
      if (first) void router.navigate(['/mail-servers', first.id], { replaceUrl: true });
    });
  }
}
