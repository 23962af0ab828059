import { Component, computed, input } from '@angular/core';
import type { MailProviderTemplate } from '../../../core/api/models';

/** Hue of each provider's tile, near to what people know it by; others take the product's own. */
const HUES: Readonly<Partial<Record<MailProviderTemplate['id'], number>>> = {
  'microsoft-365': 212,
  'microsoft-365-gcc-high': 212,
  'microsoft-365-dod': 212,
  'microsoft-365-china': 212,
  'outlook-com': 204,
  google: 6,
  'amazon-ses': 34,
  sendgrid: 199,
  mailgun: 354,
  postmark: 48,
  mailjet: 26,
  brevo: 152,
  mailtrap: 170,
  resend: 260,
  sparkpost: 18,
  zoho: 358,
  fastmail: 218,
  icloud: 205,
  yahoo: 275,
  aol: 230,
};

/** A provider's initials on a tile, in place of a logo. */
@Component({
  selector: 'sp-provider-mark',
  template: `{{ initials() }}`,
  styles: `
    :host {
      --hue-fill: light-dark(hsl(var(--hue) 70% 93%), hsl(var(--hue) 40% 20%));
      --hue-ink: light-dark(hsl(var(--hue) 75% 28%), hsl(var(--hue) 80% 84%));
      display: grid;
      flex: none;
      place-items: center;
      width: 40px;
      height: 40px;
      border-radius: 12px;
      background: var(--hue-fill);
      color: var(--hue-ink);
      font-size: 0.875rem;
      font-weight: 700;
      letter-spacing: -0.01em;
    }
    :host(.small) {
      width: 26px;
      height: 26px;
      border-radius: 8px;
      font-size: 0.6875rem;
    }
  `,
  host: { 'aria-hidden': 'true', '[style.--hue]': 'hue()', '[class.small]': 'small()' },
})
export class ProviderMark {
  readonly provider = input.required<string>();
  readonly initials = input.required<string>();
  readonly small = input(false);
  private readonly hues: Readonly<Record<string, number>> = HUES;
  protected readonly hue = computed(() => this.hues[this.provider()] ?? 186);
}
