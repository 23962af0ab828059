import { Component, computed, inject, input, resource } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { CountPipe } from '../../../core/i18n/count.pipe';
import { live } from '../../../core/events/live';
import { asProblem } from '../../../core/http/api-problem';
import { SessionStore } from '../../../core/session/session-store';
import { ProblemState } from '../../../ui/state/problem-state';
import { Skeleton } from '../../../ui/state/skeleton';
import { MailServerApi } from '../mail-server-api';

/** Who sends over this server: rule chains and their nodes, and the mails that wait. */
@Component({
  selector: 'sp-usage-panel',
  imports: [CountPipe, MatIcon, ProblemState, RouterLink, Skeleton, TranslocoPipe],
  template: `
    @if (problem(); as one) {
      <sp-problem [problem]="one" (retry)="usage.reload()" />
    } @else if (usage.hasValue()) {
      @let one = usage.value();
      <ul>
        @for (item of one.items; track item.node.id) {
          <li>
            <mat-icon svgIcon="account-tree" aria-hidden="true" />
            <div>
              @if (mayOpen) {
                <a [routerLink]="['/rule-chains', item.ruleChain.id]">{{ item.ruleChain.name }}</a>
              } @else {
                {{ item.ruleChain.name }}
              }
              <p class="sp-soft">
                @if (mayOpen) {
                  <a [routerLink]="['/rule-chains', item.ruleChain.id]" [queryParams]="{ node: item.node.id }">{{
                    item.node.name
                  }}</a>
                } @else {
                  {{ item.node.name }}
                }
                · {{ 'usage.via.' + item.via | transloco }}
              </p>
            </div>
          </li>
        } @empty {
          <li class="sp-soft">{{ 'usage.nobody' | transloco }}</li>
        }
      </ul>
      @if (one.waitingMails > 0) {
        <a class="waiting" routerLink="/mail-log" [queryParams]="{ state: 'waiting' }">
          <mat-icon svgIcon="hourglass-top" aria-hidden="true" />{{ one.waitingMails | count: 'usage.waiting' }}
        </a>
      }
    } @else {
      <sp-skeleton [rows]="2" />
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
      font-size: 0.875rem;
    }
    li {
      display: flex;
      gap: 12px;
      padding: 10px 0;
      border-bottom: 1px solid var(--sp-line);
      overflow-wrap: anywhere;
    }
    p {
      font-size: 0.8125rem;
    }
    mat-icon {
      width: 20px;
      height: 20px;
      color: var(--sp-ink-soft);
    }
    .waiting {
      display: flex;
      gap: 12px;
    }
  `,
})
export class UsagePanel {
  readonly serverId = input.required<string>();
  private readonly api = inject(MailServerApi);
  /** The system's administrator has no rule chains; those that use the system's servers are tenants'. */
  protected readonly mayOpen = !inject(SessionStore).is('system-administrator');
  protected readonly usage = resource({
    params: () => this.serverId(),
    loader: ({ params }) => this.api.usage(params),
  });
  protected readonly problem = computed(() => {
    const error = this.usage.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    live('rule-chains', this.usage);
  }
}
