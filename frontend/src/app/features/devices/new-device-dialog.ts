import { Component, inject, resource, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { MatDialogRef } from '@angular/material/dialog';
import { Api } from '../../core/api/api';
import { createDevice, listCustomers } from '../../core/api/functions';
import type { CreatedDevice } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';

/** Asks for a new device; closes with it, its access token still in hand. */
@Component({
  selector: 'sp-new-device-dialog',
  imports: [...DIALOG_FORM_PARTS],
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
