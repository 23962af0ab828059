import { Component, computed, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { SessionStore } from '../../core/session/session-store';
import { Page } from '../../ui/page/page';
import { AlarmOverview } from './alarm-overview';
import { MailOverview } from './mail-overview';
import { NextSteps } from './next-steps';

/** What needs attention now, and what to do next. */
@Component({
  selector: 'sp-home-page',
  imports: [AlarmOverview, MailOverview, NextSteps, Page, TranslocoPipe],
  template: `
    <sp-page [heading]="'home.title' | transloco: { name: name() }" [lead]="'home.lead.' + role() | transloco">
      <div class="grid">
        @if (role() !== 'system-administrator') {
          <sp-alarm-overview class="wide" />
        }
        @if (role() !== 'customer-user') {
          <sp-mail-overview />
        }
        <sp-next-steps />
      </div>
    </sp-page>
  `,
  styles: `
    .grid {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr));
      gap: 20px;
      align-items: start;
    }
    .wide {
      grid-column: 1 / -1;
    }
  `,
})
export class HomePage {
  private readonly session = inject(SessionStore);
  protected readonly name = computed(() => {
    const user = this.session.current()?.user;
    return user?.name || user?.email.split('@')[0] || '';
  });
  protected readonly role = computed(() => this.session.role() ?? 'customer-user');
}
