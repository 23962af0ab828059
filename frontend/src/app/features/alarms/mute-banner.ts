import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import type { AlarmMute } from '../../core/api/models';
import { EndPipe } from '../../ui/time/end.pipe';
import { AlarmStore } from './alarm-store';

/** Says calmly that mails are held back: until when, by whom and why. */
@Component({
  selector: 'sp-mute-banner',
  imports: [EndPipe, MatButton, MatIcon, TranslocoPipe],
  template: `
    <mat-icon svgIcon="notifications-off" aria-hidden="true" />
    <div class="words">
      <p class="what">
        @if (mute().until; as until) {
          {{ 'alarms.mute.heldUntil' | transloco: { time: until | end, by: mute().by } }}
        } @else {
          {{ 'alarms.mute.heldUntilCleared' | transloco: { by: mute().by } }}
        }
      </p>
      @if (mute().reason; as reason) {
        <p dir="auto">{{ reason }}</p>
      }
      <p class="sp-soft">{{ 'alarms.mute.held' | transloco }}</p>
    </div>
    @if (store.mayMute()) {
      <button matButton type="button" (click)="unmute.emit()">{{ 'alarms.mute.unmute' | transloco }}</button>
    }
  `,
  styleUrl: './mute-banner.scss',
  host: { role: 'note' },
})
export class MuteBanner {
  readonly mute = input.required<AlarmMute>();
  readonly unmute = output();
  protected readonly store = inject(AlarmStore);
}
