import { Component, inject, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Api } from '../../core/api/api';
import { changeCustomer, createCustomer, getCustomer } from '../../core/api/functions';
import type { Customer } from '../../core/api/models';
import type { ApiProblem } from '../../core/http/api-problem';
import { ifMatch } from '../../core/http/if-match';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { Meanwhile } from '../../ui/form/meanwhile';

/** Creates a customer, or renames one; closes with it. */
@Component({
  selector: 'sp-customer-dialog',
  imports: [...DIALOG_FORM_PARTS],
  template: `
    <form [formRoot]="form">
      <h2 mat-dialog-title>{{ (customer ? 'customers.rename' : 'customers.create') | transloco }}</h2>
      <mat-dialog-content class="sp-form">
        @if (meanwhile.changed(); as changed) {
          <sp-meanwhile [changed]="changed" [labels]="labels" />
        }
        @if (problem(); as problem) {
          <sp-problem [problem]="problem" [retryable]="false" />
        }
        <mat-form-field>
          <mat-label>{{ 'customers.name' | transloco }}</mat-label>
          <input matInput autocomplete="off" cdkFocusInitial [formField]="form.name" />
          <mat-error>{{ form.name().errors() | fieldError }}</mat-error>
        </mat-form-field>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
        <button matButton="filled" type="submit" [disabled]="form().submitting()">
          {{ (customer ? 'ui.save' : 'customers.create') | transloco }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
})
export class CustomerDialog {
  private readonly api = inject(Api);
  private readonly ref = inject<MatDialogRef<CustomerDialog, Customer>>(MatDialogRef);
  protected customer = inject<Customer | undefined>(MAT_DIALOG_DATA);

  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly labels = { name: 'customers.name' };
  private readonly model = signal(startOf(this.customer));
  protected readonly meanwhile = new Meanwhile(this.model());
  protected readonly form = form(
    this.model,
    (path) => {
      required(path.name);
      maxLength(path.name, 255);
    },
    { submission: { action: () => this.save() } },
  );

  private async save(): Promise<void> {
    this.problem.set(null);
    const body = this.form().value();
    const { customer } = this;
    try {
      const saved = customer
        ? this.api.invoke(changeCustomer, { id: customer.id, body, 'If-Match': ifMatch(customer) })
        : this.api.invoke(createCustomer, { body });
      this.ref.close(await saved);
    } catch (error) {
      this.problem.set(await this.meanwhile.settle(error, () => this.theirs(), this.model));
    }
  }

  private async theirs() {
    this.customer = await this.api.invoke(getCustomer, { id: this.customer?.id ?? '' });
    return startOf(this.customer);
  }
}

const startOf = (customer: Customer | undefined) => ({ name: customer?.name ?? '' });
