import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Alarm } from '../../core/api/models';

/** Active or cleared, and whether somebody has seen it. */
@Component({
  selector: 'sp-alarm-status',
  imports: [TranslocoPipe],
  template: `<span class="dot" aria-hidden="true"></span>{{ 'alarms.status.' + state() | transloco }}`,
  styleUrl: './alarm-status.scss',
  host: { '[class]': 'state()' },
})
export class AlarmStatus {
  readonly alarm = input.required<Alarm>();
  protected readonly state = computed(() => stateOf(this.alarm()));
}

function stateOf(alarm: Alarm): 'new' | 'acknowledged' | 'cleared' | 'clearedUnseen' {
  if (alarm.cleared) return alarm.acknowledged ? 'cleared' : 'clearedUnseen';
  return alarm.acknowledged ? 'acknowledged' : 'new';
}
