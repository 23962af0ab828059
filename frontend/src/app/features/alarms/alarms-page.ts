import { Component, computed, effect, inject, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';
import { Router, RouterLink, RouterOutlet } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { Alarm } from '../../core/api/models';
import { CountPipe } from '../../core/i18n/count.pipe';
import { injectChosen } from '../../core/routing/chosen';
import { SessionStore } from '../../core/session/session-store';
import { Clock } from '../../core/time/clock';
import { Choice } from '../../ui/choice/choice';
import { Command } from '../../ui/code/command';
import { Page } from '../../ui/page/page';
import { Split } from '../../ui/split/split';
import { EmptyState } from '../../ui/state/empty-state';
import { SeverityTag } from '../../ui/status/severity-tag';
import { Tag } from '../../ui/status/tag';
import { ListTable } from '../../ui/table/list-table';
import { Ago } from '../../ui/time/ago';
import { type AlarmFilter, SEVERITIES, STATUSES, filterOf } from './alarm-filter';
import { AlarmStatus } from './alarm-status';
import { AlarmStore } from './alarm-store';
import { heldMute } from './mute-ends';

@Component({
  selector: 'sp-alarms-page',
  imports: [
    Ago,
    AlarmStatus,
    Choice,
    Command,
    CountPipe,
    EmptyState,
    ListTable,
    MatIcon,
    MatIconButton,
    MatTooltip,
    Page,
    RouterLink,
    RouterOutlet,
    SeverityTag,
    Split,
    Tag,
    TranslocoPipe,
  ],
  templateUrl: './alarms-page.html',
  styleUrl: './alarms-page.scss',
})
export class AlarmsPage {
  /** The filter lives in the address, so that it can be linked and survives a reload. */
  readonly status = input<string>();
  readonly severity = input<string>();

  private readonly router = inject(Router);
  private readonly transloco = inject(TranslocoService);
  private readonly clock = inject(Clock);
  protected readonly store = inject(AlarmStore);
  protected readonly chosen = injectChosen();
  protected readonly tryIt = inject(SessionStore).tryIt;
  protected readonly filter = computed(() => filterOf(this.status(), this.severity()));
  protected readonly statuses = STATUSES.map((value) => ({
    value,
    label: this.transloco.translate('alarms.filter.' + value),
  }));
  protected readonly severities = SEVERITIES.map((value) => ({
    value,
    label: this.transloco.translate('severity.' + value),
  }));

  constructor() {
    effect(() => this.store.filter.set(this.filter()));
  }

  protected isMuted(alarm: Alarm): boolean {
    return heldMute(alarm, this.clock.now()) !== null;
  }

  protected show(change: Partial<AlarmFilter>): void {
    void this.router.navigate(['/alarms'], { queryParams: { ...this.filter(), ...change } });
  }
}
