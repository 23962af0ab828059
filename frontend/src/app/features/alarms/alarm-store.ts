import { Injectable, computed, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { acknowledgeAlarm, clearAlarm, getAlarm, listAlarms, muteAlarm, unmuteAlarm } from '../../core/api/functions';
import type { Alarm, MuteAlarm } from '../../core/api/models';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Toasts } from '../../ui/toast/toasts';
import { type AlarmFilter, filterOf, queryOf } from './alarm-filter';

/** The alarms on the page and what can be done with them. */
@Injectable()
export class AlarmStore {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);

  readonly filter = signal<AlarmFilter>(filterOf(undefined, undefined), { equal: sameFilter });
  readonly list = pagedList(this.filter, (filter, cursor) =>
    this.api.invoke(listAlarms, { ...queryOf(filter), ...cursor }),
  );
  readonly mayAcknowledge = computed(() => this.session.is('tenant-administrator', 'tenant-operator', 'customer-user'));
  readonly mayClear = computed(() => this.session.is('tenant-administrator', 'customer-user'));
  readonly mayMute = computed(() => this.session.is('tenant-administrator', 'tenant-operator'));
  readonly mayReadMails = computed(() => this.session.is('tenant-administrator', 'tenant-operator'));

  constructor() {
    live('alarms', this.list.quietly);
  }

  /** One alarm, active or cleared, as it is now. */
  read(id: string): Promise<Alarm> {
    return this.api.invoke(getAlarm, { id });
  }

  acknowledge(alarm: Alarm): Promise<boolean> {
    const deed = () => this.show(this.api.invoke(acknowledgeAlarm, { id: alarm.id }));
    return this.toasts.attempt(deed, this.transloco.translate('alarms.acknowledged', { type: alarm.type }));
  }

  clear(alarm: Alarm): Promise<boolean> {
    const deed = () => this.show(this.api.invoke(clearAlarm, { id: alarm.id }));
    return this.toasts.attempt(deed, this.transloco.translate('alarms.cleared', { type: alarm.type }));
  }

  mute(alarm: Alarm, body: MuteAlarm): Promise<boolean> {
    const deed = () => this.show(this.api.invoke(muteAlarm, { id: alarm.id, body }));
    return this.toasts.attempt(deed, this.transloco.translate('alarms.mute.done', { type: alarm.type }));
  }

  unmute(alarm: Alarm): Promise<boolean> {
    const deed = () => this.show(this.api.invoke(unmuteAlarm, { id: alarm.id }));
    return this.toasts.attempt(deed, this.transloco.translate('alarms.mute.undone', { type: alarm.type }));
  }

  private async show(answer: Promise<Alarm>): Promise<void> {
    const changed = await answer;
    this.list.replace((alarm) => alarm.id === changed.id, changed);
  }
}

function sameFilter(a: AlarmFilter, b: AlarmFilter): boolean {
  return a.status === b.status && a.severity === b.severity;
}
