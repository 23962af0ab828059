import { Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { OAuthGrant } from '../../../core/api/models';
import { Clock } from '../../../core/time/clock';
import { Ago } from '../../../ui/time/ago';
import { timelineOf } from './timeline';

/** When a grant was given and refreshed, and what happens to it next. */
@Component({
  selector: 'sp-refresh-timeline',
  imports: [Ago, TranslocoPipe],
  template: `
    <ol [attr.aria-label]="'oauth.timeline.title' | transloco">
      @for (moment of moments(); track moment.kind) {
        <li [class.ahead]="moment.ahead" [class]="moment.kind">
          <span class="dot" aria-hidden="true"></span>
          <span>{{ 'oauth.timeline.' + moment.kind | transloco }}</span>
          <sp-ago [at]="moment.at" />
        </li>
      }
    </ol>
    @if (grant().expiryNote; as note) {
      <p class="note">{{ note }}</p>
    }
  `,
  styleUrl: './refresh-timeline.scss',
})
export class RefreshTimeline {
  readonly grant = input.required<OAuthGrant>();
  private readonly clock = inject(Clock);
  protected readonly moments = computed(() => timelineOf(this.grant(), this.clock.now()));
}
