import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { DeliverySummary } from '../../core/api/models';
import type { IconName } from '../icon/icons';
import { Tag, type Tone } from './tag';

export type DeliveryState = DeliverySummary['state'];

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** How each state of a mail looks, in the order of a mail's life. */
export const DELIVERY_LOOKS: Readonly<Record<DeliveryState, Look>> = {
  waiting: { tone: 'warning', icon: 'hourglass-top' },
  sending: { tone: 'warning', icon: 'send' },
  accepted: { tone: 'positive', icon: 'check-circle-fill' },
  refused: { tone: 'critical', icon: 'error-fill' },
  cancelled: { tone: 'neutral', icon: 'block' },
  expired: { tone: 'major', icon: 'schedule' },
  suppressed: { tone: 'neutral', icon: 'notifications-off' },
};

@Component({
  selector: 'sp-delivery-state',
  imports: [Tag, TranslocoPipe],
  template: ` <sp-tag [tone]="look().tone" [icon]="look().icon">{{ 'deliveryState.' + value() | transloco }}</sp-tag> `,
})
export class DeliveryStateTag {
  readonly value = input.required<DeliveryState>();
  protected readonly look = computed(() => DELIVERY_LOOKS[this.value()]);
}
