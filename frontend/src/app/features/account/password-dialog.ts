import { Component, inject, resource, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Api } from '../../core/api/api';
import { changePassword, getPasswordPolicy } from '../../core/api/functions';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { NewPassword } from '../../ui/password/new-password';
import { PasswordInput } from '../../ui/password/password-input';

/** Changes one's own password; closes with true. */
@Component({
  selector: 'sp-password-dialog',
  imports: [...DIALOG_FORM_PARTS, NewPassword, PasswordInput],
  template: `
    <form [formRoot]="form">
      <h2 mat-dialog-title>{{ 'account.password.change' | transloco }}</h2>
      <mat-dialog-content class="sp-form">
        @if (problem(); as problem) {
          <sp-problem [problem]="problem" [retryable]="false" />
        }
        <input hidden type="email" autocomplete="username" [value]="email" />
        <sp-password-input [field]="form.currentPassword" [label]="'account.password.current' | transloco" />
        <sp-new-password
          [field]="form.newPassword"
          [label]="'account.password.new' | transloco"
          [rules]="policy.value()"
          [email]="email"
        />
        <p class="sp-soft">{{ 'account.password.others' | transloco }}</p>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
        <button matButton="filled" type="submit" [disabled]="form().submitting()">
          {{ 'account.password.change' | transloco }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
})
export class PasswordDialog {
  private readonly api = inject(Api);
  private readonly ref = inject<MatDialogRef<PasswordDialog, boolean>>(MatDialogRef);
  protected readonly email = inject<string>(MAT_DIALOG_DATA);

  protected readonly policy = resource({ loader: () => this.api.invoke(getPasswordPolicy) });
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    signal({ currentPassword: '', newPassword: '' }),
    (path) => {
      required(path.currentPassword);
      required(path.newPassword);
    },
    { submission: { action: () => this.change() } },
  );

  private async change(): Promise<void> {
    this.problem.set(null);
    try {
      await this.api.invoke(changePassword, { body: this.form().value() });
      this.ref.close(true);
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
