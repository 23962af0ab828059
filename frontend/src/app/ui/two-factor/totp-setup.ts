import { Component, computed, inject, input, output, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { DomSanitizer, type SafeUrl } from '@angular/platform-browser';
import type { TwoFactorEnrolment } from '../../core/api/models';
import { FORM_PARTS } from '../form/form-parts';
import { CopyButton } from '../copy/copy-button';

/** Scan, then type the first code: shows that the app really has the secret. */
@Component({
  selector: 'sp-totp-setup',
  imports: [...FORM_PARTS, CopyButton],
  template: `
    <ol>
      <li>{{ 'twoFactor.scan' | transloco }}</li>
      <li>{{ 'twoFactor.type' | transloco }}</li>
    </ol>
    <img [src]="picture()" width="200" height="200" [alt]="'twoFactor.qr' | transloco" />
    <p class="sp-soft">
      {{ 'twoFactor.noCamera' | transloco }} <code>{{ spaced() }}</code>
      <sp-copy-button [text]="enrolment().secret" [label]="'twoFactor.copySecret' | transloco" />
    </p>
    <form class="sp-form" [formRoot]="form">
      <mat-form-field>
        <mat-label>{{ 'twoFactor.code' | transloco }}</mat-label>
        <input matInput inputmode="numeric" autocomplete="one-time-code" [formField]="form.code" />
        <mat-error>{{ form.code().errors() | fieldError }}</mat-error>
      </mat-form-field>
      <button matButton="filled" class="sp-tall" type="submit" [disabled]="busy()">
        {{ 'twoFactor.confirm' | transloco }}
      </button>
    </form>
  `,
  styleUrl: './two-factor.scss',
})
export class TotpSetup {
  readonly enrolment = input.required<TwoFactorEnrolment>();
  readonly busy = input(false);
  readonly confirmed = output<string>();

  private readonly sanitizer = inject(DomSanitizer);
  protected readonly form = form(signal({ code: '' }), (path) => required(path.code), {
    submission: { action: () => this.confirm() },
  });
  /** In an <img> nothing in an SVG can run. */
  protected readonly picture = computed((): SafeUrl =>
    this.sanitizer.bypassSecurityTrustUrl('data:image/svg+xml,' + encodeURIComponent(this.enrolment().qr)),
  );
  protected readonly spaced = computed(() => this.enrolment().secret.replace(/(.{4})(?=.)/g, '$1 '));

  private confirm(): Promise<void> {
    this.confirmed.emit(this.form.code().value().trim());
    return Promise.resolve();
  }
}
