import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listAlarms } from '../../core/api/functions';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { SEVERITY_LOOKS, SeverityTag } from '../../ui/status/severity-tag';
import { Ago } from '../../ui/time/ago';
import { COUNTED, bySeverity, tally } from './tally';

const NEWEST = 5;

/** The active alarms: how many of each severity, and the newest. */
@Component({
  selector: 'sp-alarm-overview',
  imports: [Ago, MatButton, MatIcon, ProblemState, RouterLink, SeverityTag, Skeleton, TranslocoPipe],
  templateUrl: './alarm-overview.html',
  styleUrl: './alarm-overview.scss',
  host: { class: 'sp-card' },
})
export class AlarmOverview {
  private readonly api = inject(Api);
  protected readonly looks = SEVERITY_LOOKS;
  protected readonly active = resource({
    loader: () => this.api.invoke(listAlarms, { status: 'active', limit: COUNTED }),
  });
  protected readonly total = computed(() => (this.active.hasValue() ? tally(this.active.value()) : ''));
  protected readonly severities = computed(() => bySeverity(this.active.hasValue() ? this.active.value().items : []));
  protected readonly newest = computed(() =>
    this.active.hasValue() ? this.active.value().items.slice(0, NEWEST) : [],
  );
  protected readonly problem = computed(() => {
    const error = this.active.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    live('alarms', () => this.active.reload());
  }
}
