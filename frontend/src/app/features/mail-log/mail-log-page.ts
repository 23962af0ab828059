import { Component, computed, effect, inject, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink, RouterOutlet } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { injectChosen } from '../../core/routing/chosen';
import { Choice } from '../../ui/choice/choice';
import { Page } from '../../ui/page/page';
import { Split } from '../../ui/split/split';
import { EmptyState } from '../../ui/state/empty-state';
import { DeliveryStateTag } from '../../ui/status/delivery-state-tag';
import { ListTable } from '../../ui/table/list-table';
import { Ago } from '../../ui/time/ago';
import { DeliveryStore, STATE_FILTERS, type StateFilter, stateFilterOf } from './delivery-store';
import { titleKey } from './title-of';

@Component({
  selector: 'sp-mail-log-page',
  imports: [
    Ago,
    Choice,
    DeliveryStateTag,
    EmptyState,
    ListTable,
    MatIcon,
    Page,
    RouterLink,
    RouterOutlet,
    Split,
    TranslocoPipe,
  ],
  templateUrl: './mail-log-page.html',
  styleUrl: './mail-log-page.scss',
})
export class MailLogPage {
  protected readonly titleKey = titleKey;
  /** The filter lives in the address. */
  readonly state = input<string>();

  private readonly router = inject(Router);
  private readonly transloco = inject(TranslocoService);
  protected readonly store = inject(DeliveryStore);
  protected readonly chosen = injectChosen();
  protected readonly filter = computed(() => stateFilterOf(this.state()));
  protected readonly filters = STATE_FILTERS.map((value) => ({
    value,
    label: this.transloco.translate('deliveryState.' + value),
  }));

  constructor() {
    effect(() => this.store.state.set(this.filter()));
  }

  protected show(state: StateFilter): void {
    void this.router.navigate(['/mail-log'], { queryParams: { state } });
  }
}
