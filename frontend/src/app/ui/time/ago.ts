import { Component, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { TranslocoService } from '@jsverse/transloco';
import { Clock } from '../../core/time/clock';
import { exactTime, relativeTime } from '../../core/time/relative-time';

/** "3 minutes ago", with the exact time as tooltip. `at` is epoch milliseconds. */
@Component({
  selector: 'sp-ago',
  imports: [MatTooltip],
  template: `<time [attr.datetime]="iso()" [matTooltip]="exact()">{{ text() }}</time>`,
  styles: `
    :host {
      white-space: nowrap;
    }
  `,
})
export class Ago {
  readonly at = input.required<number>();
  private readonly clock = inject(Clock);
  private readonly locale = inject(TranslocoService).getActiveLang();
  protected readonly iso = computed(() => new Date(this.at()).toISOString());
  protected readonly exact = computed(() => exactTime(this.at(), this.locale));
  protected readonly text = computed(() => relativeTime(this.at(), this.clock.now(), this.locale));
}
