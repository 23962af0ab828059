import { Injectable, computed, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { cancelDelivery, listDeliveries, retryDelivery } from '../../core/api/functions';
import type { DeliverySummary } from '../../core/api/models';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { DELIVERY_LOOKS, type DeliveryState } from '../../ui/status/delivery-state-tag';
import { Toasts } from '../../ui/toast/toasts';

export type StateFilter = DeliveryState | 'any';

export const STATE_FILTERS: readonly StateFilter[] = ['any', ...statesInOrder()];

/** The state as the address says it; an unknown word counts as "any". */
export function stateFilterOf(word: string | undefined): StateFilter {
  return STATE_FILTERS.find((known) => known === word) ?? 'any';
}

/** The mails in the outbox and those that have left it. */
@Injectable()
export class DeliveryStore {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);

  readonly state = signal<StateFilter>('any');
  readonly list = pagedList(this.state, (state, cursor) =>
    this.api.invoke(listDeliveries, { ...(state === 'any' ? {} : { state }), ...cursor }),
  );
  readonly mayChange = computed(() => this.session.is('system-administrator', 'tenant-administrator'));

  constructor() {
    live('mail-log', this.list.quietly);
  }

  retry(mail: DeliverySummary): Promise<boolean> {
    const deed = () => this.api.invoke(retryDelivery, { id: mail.id });
    return this.settle(deed, 'mailLog.retried');
  }

  cancel(mail: DeliverySummary): Promise<boolean> {
    const deed = () => this.api.invoke(cancelDelivery, { id: mail.id });
    return this.settle(deed, 'mailLog.cancelled');
  }

  private async settle(deed: () => Promise<unknown>, done: string): Promise<boolean> {
    const worked = await this.toasts.attempt(deed, this.transloco.translate(done));
    void this.list.refresh();
    return worked;
  }
}

function statesInOrder(): readonly DeliveryState[] {
  // A record's keys are its type's members: DELIVERY_LOOKS names each state once.
  return Object.keys(DELIVERY_LOOKS) as DeliveryState[];
}
