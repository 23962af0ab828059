import { Component, inject, signal } from '@angular/core';
import { email, form, required } from '@angular/forms/signals';
import { Api } from '../../core/api/api';
import { changeAddress } from '../../core/api/functions';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { PasswordInput } from '../../ui/password/password-input';

/** Asks for a new address, which counts once the link in a mail to it was used. */
@Component({
  selector: 'sp-address-dialog',
  imports: [...DIALOG_FORM_PARTS, PasswordInput],
  template: `
    <form [formRoot]="form">
      <h2 mat-dialog-title>{{ 'account.address.change' | transloco }}</h2>
      <mat-dialog-content class="sp-form">
        @if (sent()) {
          <p role="status">{{ 'account.address.sent' | transloco: { email: form.email().value() } }}</p>
        } @else {
          @if (problem(); as problem) {
            <sp-problem [problem]="problem" [retryable]="false" />
          }
          <p class="sp-soft">{{ 'account.address.text' | transloco }}</p>
          <mat-form-field>
            <mat-label>{{ 'account.address.new' | transloco }}</mat-label>
            <input matInput type="email" autocomplete="email" cdkFocusInitial [formField]="form.email" />
            <mat-error>{{ form.email().errors() | fieldError }}</mat-error>
          </mat-form-field>
          <sp-password-input [field]="form.currentPassword" [label]="'account.password.current' | transloco" />
        }
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        @if (sent()) {
          <button matButton="filled" type="button" mat-dialog-close>{{ 'ui.close' | transloco }}</button>
        } @else {
          <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
          <button matButton="filled" type="submit" [disabled]="form().submitting()">
            {{ 'account.address.action' | transloco }}
          </button>
        }
      </mat-dialog-actions>
    </form>
  `,
})
export class AddressDialog {
  private readonly api = inject(Api);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly sent = signal(false);
  protected readonly form = form(
    signal({ email: '', currentPassword: '' }),
    (path) => {
      required(path.email);
      email(path.email);
      required(path.currentPassword);
    },
    { submission: { action: () => this.change() } },
  );

  private async change(): Promise<void> {
    this.problem.set(null);
    try {
      await this.api.invoke(changeAddress, { body: this.form().value() });
      this.sent.set(true);
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
