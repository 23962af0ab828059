import { Component, inject, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { MAT_DIALOG_DATA } from '@angular/material/dialog';
import { Api } from '../../core/api/api';
import { confirmTwoFactor, enrolTwoFactor } from '../../core/api/functions';
import type { TwoFactorEnrolment } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { PasswordInput } from '../../ui/password/password-input';
import { RecoveryCodes } from '../../ui/two-factor/recovery-codes';
import { TotpSetup } from '../../ui/two-factor/totp-setup';

/** Sets up an authenticator app in three steps: the password, the picture with its first code, the recovery codes. */
@Component({
  selector: 'sp-enrol-dialog',
  imports: [...DIALOG_FORM_PARTS, PasswordInput, RecoveryCodes, TotpSetup],
  templateUrl: './enrol-dialog.html',
})
export class EnrolDialog {
  private readonly api = inject(Api);
  protected readonly data = inject<{ readonly hasPassword: boolean }>(MAT_DIALOG_DATA);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly enrolment = signal<TwoFactorEnrolment | null>(null);
  protected readonly codes = signal<readonly string[] | null>(null);
  protected readonly form = form(
    signal({ currentPassword: '' }),
    (path) => required(path.currentPassword, { when: () => this.data.hasPassword }),
    { submission: { action: () => this.begin() } },
  );

  protected begin(): Promise<void> {
    const body = this.data.hasPassword ? this.form().value() : {};
    return this.try(async () => this.enrolment.set(await this.api.invoke(enrolTwoFactor, { body })));
  }

  protected confirm(code: string): Promise<void> {
    return this.try(async () => {
      const { recoveryCodes } = await this.api.invoke(confirmTwoFactor, { body: { code } });
      this.codes.set(recoveryCodes);
    });
  }

  private async try(deed: () => Promise<void>): Promise<void> {
    this.problem.set(null);
    try {
      await deed();
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
