import { Component, inject, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { Warning } from '../providers/warnings';

/** What stands above the form: why the server cannot send as it is, and what is about to change at the provider. */
@Component({
  selector: 'sp-notes',
  imports: [MatIcon, TranslocoPipe],
  template: `
    @for (problem of problems(); track problem) {
      <p class="problem">
        <mat-icon svgIcon="error-fill" aria-hidden="true" /><span>{{ problem }}</span>
      </p>
    }
    @for (warning of warnings(); track warning.text) {
      <p [class.dated]="warning.from !== null">
        <mat-icon [svgIcon]="warning.from === null ? 'info' : 'schedule'" aria-hidden="true" />
        <span>
          @if (warning.from; as from) {
            <strong>{{
              (warning.ahead ? 'mailServers.from.ahead' : 'mailServers.from.since') | transloco: { day: day(from) }
            }}</strong>
          }
          {{ warning.text }}
        </span>
      </p>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    p {
      display: flex;
      align-items: flex-start;
      gap: 10px;
      padding: 12px 24px;
      border-bottom: 1px solid var(--sp-line);
      font-size: 0.8125rem;
      line-height: 1.5;
      color: var(--sp-ink-soft);
    }
    .dated {
      background: var(--sp-minor-fill);
      color: var(--sp-minor-ink);
    }
    .problem {
      background: var(--sp-critical-fill);
      color: var(--sp-critical-ink);
      font-weight: 550;
    }
    mat-icon {
      width: 18px;
      height: 18px;
    }
  `,
})
export class Notes {
  readonly problems = input.required<readonly string[]>();
  readonly warnings = input.required<readonly Warning[]>();
  private readonly locale = inject(TranslocoService).getActiveLang();

  protected day(time: number): string {
    return new Intl.DateTimeFormat(this.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(time);
  }
}
