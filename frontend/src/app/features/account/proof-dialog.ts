import { Component, inject, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { PasswordInput } from '../../ui/password/password-input';

/** Shows that it is the person; empty for an account without a password. */
export interface Proof {
  readonly currentPassword?: string;
}

export interface ProofDialogData {
  /** Ready to show; also the word on the button. */
  readonly title: string;
  readonly hasPassword: boolean;
  /** Throws ApiProblem when the proof is wrong: the dialog then stays open. */
  readonly deed: (proof: Proof) => Promise<void>;
}

/** Asks for the password, then does what it was asked for. */
@Component({
  selector: 'sp-proof-dialog',
  imports: [...DIALOG_FORM_PARTS, PasswordInput],
  template: `
    <form [formRoot]="form">
      <h2 mat-dialog-title>{{ data.title }}</h2>
      <mat-dialog-content class="sp-form">
        @if (problem(); as problem) {
          <sp-problem [problem]="problem" [retryable]="false" />
        }
        @if (data.hasPassword) {
          <sp-password-input [field]="form.currentPassword" [label]="'account.password.current' | transloco" />
        }
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
        <button matButton="filled" type="submit" [disabled]="form().submitting()">{{ data.title }}</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class ProofDialog {
  private readonly ref = inject<MatDialogRef<ProofDialog>>(MatDialogRef);
  protected readonly data = inject<ProofDialogData>(MAT_DIALOG_DATA);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    signal({ currentPassword: '' }),
    (path) => required(path.currentPassword, { when: () => this.data.hasPassword }),
    { submission: { action: () => this.prove() } },
  );

  private async prove(): Promise<void> {
    this.problem.set(null);
    try {
      await this.data.deed(this.data.hasPassword ? this.form().value() : {});
      this.ref.close();
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
