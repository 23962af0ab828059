import { Component, computed, inject, input, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listDeliveries } from '../../core/api/functions';
import type { Alarm } from '../../core/api/models';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { Clock } from '../../core/time/clock';
import { JsonView } from '../../ui/json/json-view';
import { Panel } from '../../ui/split/panel';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { DeliveryStateTag } from '../../ui/status/delivery-state-tag';
import { SeverityTag } from '../../ui/status/severity-tag';
import { Tag } from '../../ui/status/tag';
import { Ago } from '../../ui/time/ago';
import { ExactPipe } from '../../ui/time/exact.pipe';
import { AlarmHistory } from './alarm-history';
import { AlarmStatus } from './alarm-status';
import { AlarmStore } from './alarm-store';
import { MuteBanner } from './mute-banner';
import { heldMute } from './mute-ends';
import { MuteMenu } from './mute-menu';

/** One alarm with its details, the mails it caused and its history. */
@Component({
  selector: 'sp-alarm-detail',
  imports: [
    Ago,
    AlarmHistory,
    AlarmStatus,
    DeliveryStateTag,
    ExactPipe,
    JsonView,
    MatButton,
    MatIcon,
    MuteBanner,
    MuteMenu,
    Panel,
    ProblemState,
    RouterLink,
    SeverityTag,
    Skeleton,
    Tag,
    TranslocoPipe,
  ],
  templateUrl: './alarm-detail.html',
  styleUrl: './alarm-detail.scss',
})
export class AlarmDetail {
  /** From the address. */
  readonly id = input.required<string>();

  private readonly api = inject(Api);
  protected readonly store = inject(AlarmStore);
  protected readonly alarm = resource({
    params: () => ({ id: this.id() }),
    loader: ({ params }) => this.store.read(params.id),
  });
  protected readonly mails = resource({
    params: () => (this.store.mayReadMails() ? { alarmId: this.id() } : undefined),
    loader: ({ params }) => this.api.invoke(listDeliveries, params),
  });
  private readonly clock = inject(Clock);
  /** The mute that holds; it ends by itself while one looks at it. */
  protected readonly mute = computed(() =>
    this.alarm.hasValue() ? heldMute(this.alarm.value(), this.clock.now()) : null,
  );
  protected readonly problem = computed(() => {
    const error = this.alarm.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    live('alarms', this.alarm, this.id);
    if (this.store.mayReadMails()) live('mail-log', this.mails);
  }

  protected async acknowledge(alarm: Alarm): Promise<void> {
    if (await this.store.acknowledge(alarm)) this.alarm.reload();
  }

  protected async clear(alarm: Alarm): Promise<void> {
    if (await this.store.clear(alarm)) this.alarm.reload();
  }

  protected async unmute(alarm: Alarm): Promise<void> {
    if (await this.store.unmute(alarm)) this.alarm.reload();
  }
}
