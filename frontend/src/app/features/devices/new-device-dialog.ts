import { Component, inject, resource, signal } from '@angular/core';
import { FormField, FormRoot, form, maxLength, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import {
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { createDevice, listCustomers } from '../../core/api/functions';
import type { CreatedDevice } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { FieldErrorPipe } from '../../ui/form/field-error.pipe';
import { ProblemState } from '../../ui/state/problem-state';

/** Asks for a new device; closes with it, its access token still in hand. */
@Component({
  selector: 'sp-new-device-dialog',
  imports: [
    FieldErrorPipe,
    FormField,
    FormRoot,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    ProblemState,
    TranslocoPipe,
  ],
  templateUrl: './new-device-dialog.html',
})
export class NewDeviceDialog {
  private readonly api = inject(Api);
  private readonly ref = inject<MatDialogRef<NewDeviceDialog, CreatedDevice>>(MatDialogRef);

  protected readonly customers = resource({ loader: () => this.api.invoke(listCustomers, { limit: 100 }) });
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    signal({ name: '', type: 'default', label: '', customerId: '' }),
    (path) => {
      required(path.name);
      maxLength(path.name, 255);
      required(path.type);
      maxLength(path.type, 255);
      maxLength(path.label, 255);
    },
    { submission: { action: () => this.create() } },
  );

  private async create(): Promise<void> {
    this.problem.set(null);
    const { customerId, ...body } = this.form().value();
    try {
      this.ref.close(await this.api.invoke(createDevice, { body: { ...body, customerId: customerId || null } }));
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
