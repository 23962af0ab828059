import { DecimalPipe } from '@angular/common';
import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { countDeliveries, listDeliveries } from '../../core/api/functions';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { DeliveryStateTag } from '../../ui/status/delivery-state-tag';
import { Ago } from '../../ui/time/ago';

const NEWEST = 4;

/** How the mails are doing: how many wait or did not arrive, and the last ones. */
@Component({
  selector: 'sp-mail-overview',
  imports: [Ago, DecimalPipe, DeliveryStateTag, MatButton, MatIcon, ProblemState, RouterLink, Skeleton, TranslocoPipe],
  templateUrl: './mail-overview.html',
  styleUrl: './mail-overview.scss',
  host: { class: 'sp-card' },
})
export class MailOverview {
  private readonly api = inject(Api);
  protected readonly states = ['waiting', 'refused', 'expired'] as const;
  protected readonly mails = resource({ loader: () => this.read() });
  protected readonly problem = computed(() => {
    const error = this.mails.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    live('mail-log', this.mails);
  }

  private async read() {
    const [counts, newest] = await Promise.all([
      this.api.invoke(countDeliveries),
      this.api.invoke(listDeliveries, { limit: NEWEST }),
    ]);
    return { counts, newest: newest.items };
  }
}
