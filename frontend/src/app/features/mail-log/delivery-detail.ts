import { Component, computed, inject, input, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { getDelivery } from '../../core/api/functions';
import type { DeliveryDetail } from '../../core/api/models';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { Panel } from '../../ui/split/panel';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { DeliveryStateTag } from '../../ui/status/delivery-state-tag';
import { Ago } from '../../ui/time/ago';
import { ExactPipe } from '../../ui/time/exact.pipe';
import { DeliveryStore } from './delivery-store';
import { titleKey } from './title-of';

/** One mail of the log with every attempt to send it. */
@Component({
  selector: 'sp-delivery-detail',
  imports: [
    Ago,
    DeliveryStateTag,
    ExactPipe,
    MatButton,
    MatIcon,
    Panel,
    ProblemState,
    RouterLink,
    Skeleton,
    TranslocoPipe,
  ],
  templateUrl: './delivery-detail.html',
  styleUrl: './delivery-detail.scss',
})
export class DeliveryDetailPanel {
  protected readonly titleKey = titleKey;
  /** From the address. */
  readonly id = input.required<string>();

  private readonly api = inject(Api);
  protected readonly store = inject(DeliveryStore);
  protected readonly mail = resource({
    params: () => ({ id: this.id() }),
    loader: ({ params }) => this.api.invoke(getDelivery, params),
  });
  protected readonly problem = computed(() => {
    const error = this.mail.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    live('mail-log', this.mail, this.id);
  }

  /** A mail that was given up can be sent again; one that waits for its next turn can be sent now. The system's are erased when they are settled. */
  protected retryable(mail: DeliveryDetail): boolean {
    if (mail.template) return false;
    return (
      ['refused', 'expired', 'cancelled', 'suppressed'].includes(mail.state) ||
      (mail.state === 'waiting' && mail.attempts > 0)
    );
  }

  protected async retry(mail: DeliveryDetail): Promise<void> {
    await this.store.retry(mail);
    this.mail.reload();
  }

  protected async cancel(mail: DeliveryDetail): Promise<void> {
    await this.store.cancel(mail);
    this.mail.reload();
  }
}
