import { Component, inject, signal } from '@angular/core';
import { form, validate } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Api } from '../../core/api/api';
import { deleteTenant } from '../../core/api/functions';
import type { Tenant } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';

/** Deletes a tenant with everything in it, once its name was typed; closes with true. */
@Component({
  selector: 'sp-delete-tenant-dialog',
  imports: [...DIALOG_FORM_PARTS],
  template: `
    <form [formRoot]="form">
      <h2 mat-dialog-title>{{ 'tenants.delete.title' | transloco: { name: tenant.name } }}</h2>
      <mat-dialog-content class="sp-form">
        @if (problem(); as problem) {
          <sp-problem [problem]="problem" [retryable]="false" />
        }
        <p>{{ 'tenants.delete.text' | transloco: tenant.counts }}</p>
        <mat-form-field>
          <mat-label>{{ 'tenants.delete.confirm' | transloco: { name: tenant.name } }}</mat-label>
          <input matInput autocomplete="off" cdkFocusInitial [formField]="form.confirm" />
          <mat-error>{{ form.confirm().errors() | fieldError }}</mat-error>
        </mat-form-field>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
        <button matButton="filled" type="submit" [disabled]="form().submitting()">
          {{ 'tenants.delete.action' | transloco }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
})
export class DeleteTenantDialog {
  private readonly api = inject(Api);
  private readonly ref = inject<MatDialogRef<DeleteTenantDialog, boolean>>(MatDialogRef);
  protected readonly tenant = inject<Tenant>(MAT_DIALOG_DATA);

  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    signal({ confirm: '' }),
    (path) => validate(path.confirm, ({ value }) => (value() === this.tenant.name ? null : { kind: 'otherName' })),
    { submission: { action: () => this.delete() } },
  );

  private async delete(): Promise<void> {
    this.problem.set(null);
    try {
      await this.api.invoke(deleteTenant, { id: this.tenant.id, ...this.form().value() });
      this.ref.close(true);
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
