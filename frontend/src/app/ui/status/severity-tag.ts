import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { AlarmSeverity } from '../../core/api/models';
import type { IconName } from '../icon/icons';
import { Tag, type Tone } from './tag';

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** How each severity looks, worst first. */
export const SEVERITY_LOOKS: Readonly<Record<AlarmSeverity, Look>> = {
  CRITICAL: { tone: 'critical', icon: 'error-fill' },
  MAJOR: { tone: 'major', icon: 'keyboard-double-arrow-up' },
  MINOR: { tone: 'minor', icon: 'keyboard-arrow-up' },
  WARNING: { tone: 'warning', icon: 'warning-fill' },
  INDETERMINATE: { tone: 'neutral', icon: 'help' },
};

@Component({
  selector: 'sp-severity',
  imports: [Tag, TranslocoPipe],
  template: ` <sp-tag [tone]="look().tone" [icon]="look().icon">{{ 'severity.' + value() | transloco }}</sp-tag> `,
})
export class SeverityTag {
  readonly value = input.required<AlarmSeverity>();
  protected readonly look = computed(() => SEVERITY_LOOKS[this.value()]);
}
