import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TranslocoPipe } from '@jsverse/transloco';
import type { DoctorOffer } from '../../../core/api/models';
import { FormTexts } from '../../../ui/schema-form/form-texts';
import { valueOf } from './offers';

/** Why it does not work and what to do, with the click that does it where there is one. */
@Component({
  selector: 'sp-advice',
  imports: [MatButton, TranslocoPipe],
  template: `
    <p class="cause">{{ cause() }}</p>
    @if (fix()) {
      <p>{{ fix() }}</p>
    }
    @if (offer(); as one) {
      <button matButton="tonal" type="button" (click)="offered.emit(one)">
        {{ 'doctor.offer.' + one.kind | transloco: { value: value() } }}
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      align-items: flex-start;
      gap: 6px;
      padding: 12px 14px;
      border-radius: 12px;
      background: var(--sp-minor-fill);
      color: var(--sp-minor-ink);
      font-size: 0.8125rem;
      line-height: 1.5;
      overflow-wrap: anywhere;
    }
    :host(.failed) {
      background: var(--sp-critical-fill);
      color: var(--sp-critical-ink);
    }
    .cause {
      font-weight: 600;
    }
    button {
      margin-top: 4px;
      --mat-button-tonal-container-color: var(--sp-card);
      --mat-button-tonal-label-text-color: var(--sp-ink);
    }
  `,
  host: { '[class]': 'tone()' },
})
export class Advice {
  readonly tone = input.required<'failed' | 'warning'>();
  readonly cause = input.required<string>();
  readonly fix = input('');
  readonly offer = input<DoctorOffer | undefined>(undefined);
  readonly offered = output<DoctorOffer>();
  private readonly texts = inject(FormTexts);
  protected readonly value = computed(() => {
    const offer = this.offer();
    const { field, value, more = '' } = offer ? valueOf(offer) : { value: '' };
    return (field === undefined ? value : this.texts.option('mailServerForm.', { name: field }, value)) + more;
  });
}
