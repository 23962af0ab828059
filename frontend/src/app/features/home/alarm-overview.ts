import { DecimalPipe } from '@angular/common';
import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { countAlarms, listAlarms } from '../../core/api/functions';
import { ALARM_SEVERITY } from '../../core/api/models/alarm-severity-array';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { SEVERITY_LOOKS, SeverityTag } from '../../ui/status/severity-tag';
import { Ago } from '../../ui/time/ago';

const NEWEST = 5;

/** The active alarms: how many of each severity, and the newest. */
@Component({
  selector: 'sp-alarm-overview',
  imports: [Ago, DecimalPipe, MatButton, MatIcon, ProblemState, RouterLink, SeverityTag, Skeleton, TranslocoPipe],
  templateUrl: './alarm-overview.html',
  styleUrl: './alarm-overview.scss',
  host: { class: 'sp-card' },
})
export class AlarmOverview {
  private readonly api = inject(Api);
  protected readonly looks = SEVERITY_LOOKS;
  /** Worst first. */
  protected readonly severities = ALARM_SEVERITY;
  protected readonly active = resource({ loader: () => this.read() });
  protected readonly problem = computed(() => {
    const error = this.active.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    live('alarms', this.active);
  }

  private async read() {
    const [counts, newest] = await Promise.all([
      this.api.invoke(countAlarms),
      this.api.invoke(listAlarms, { status: 'active', limit: NEWEST }),
    ]);
    return { ...counts, newest: newest.items };
  }
}
