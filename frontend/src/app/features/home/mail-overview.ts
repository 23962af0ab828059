import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listDeliveries } from '../../core/api/functions';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { DeliveryStateTag } from '../../ui/status/delivery-state-tag';
import { Ago } from '../../ui/time/ago';
import { COUNTED, tally } from './tally';

const NEWEST = 4;

/** How the mails are doing: waiting, refused, and the last ones. */
@Component({
  selector: 'sp-mail-overview',
  imports: [Ago, DeliveryStateTag, MatButton, MatIcon, ProblemState, RouterLink, Skeleton, TranslocoPipe],
  templateUrl: './mail-overview.html',
  styleUrl: './mail-overview.scss',
  host: { class: 'sp-card' },
})
export class MailOverview {
  private readonly api = inject(Api);
  protected readonly mails = resource({ loader: () => this.read() });
  protected readonly problem = computed(() => {
    const error = this.mails.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    live('mail-log', () => this.mails.reload());
  }

  private async read() {
    const [newest, waiting, refused] = await Promise.all([
      this.api.invoke(listDeliveries, { limit: NEWEST }),
      this.api.invoke(listDeliveries, { state: 'waiting', limit: COUNTED }),
      this.api.invoke(listDeliveries, { state: 'refused', limit: COUNTED }),
    ]);
    return { newest: newest.items, waiting: tally(waiting), refused: tally(refused) };
  }
}
