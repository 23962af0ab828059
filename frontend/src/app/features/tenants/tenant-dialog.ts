import { Component, inject, signal } from '@angular/core';
import { form, max, maxLength, min, required } from '@angular/forms/signals';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Api } from '../../core/api/api';
import { changeTenant, createTenant, getTenant } from '../../core/api/functions';
import type { NewTenant, Tenant } from '../../core/api/models';
import type { ApiProblem } from '../../core/http/api-problem';
import { ifMatch } from '../../core/http/if-match';
import { LANGUAGE_NAMES } from '../../core/i18n/translations';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { Meanwhile } from '../../ui/form/meanwhile';
import type { LimitsForm } from './limits';

export interface TenantToEdit {
  /** Absent: a new one. */
  readonly tenant: Tenant | undefined;
  readonly limits: LimitsForm;
}

/** Creates a tenant, or changes one; closes with it. */
@Component({
  selector: 'sp-tenant-dialog',
  imports: [...DIALOG_FORM_PARTS, MatCheckbox],
  templateUrl: './tenant-dialog.html',
})
export class TenantDialog {
  private readonly api = inject(Api);
  private readonly ref = inject<MatDialogRef<TenantDialog, Tenant>>(MatDialogRef);
  private readonly data = inject<TenantToEdit>(MAT_DIALOG_DATA);
  protected tenant = this.data.tenant;
  protected readonly languages = LANGUAGE_NAMES;
  protected readonly limits = this.data.limits.numbers;

  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly labels: Readonly<Record<string, string>> = {
    ...LABELS,
    ...Object.fromEntries(this.limits.map(({ name }) => ['limits.' + name, 'tenants.limit.' + name])),
  };
  private readonly model = signal(this.startOf(this.tenant));
  protected readonly meanwhile = new Meanwhile(this.model());
  protected readonly form = form(
    this.model,
    (path) => {
      required(path.name);
      maxLength(path.name, 255);
      for (const { name, least, most, optional } of this.limits) {
        min(path.limits[name], least);
        max(path.limits[name], most);
        if (!optional) required(path.limits[name]);
      }
    },
    { submission: { action: () => this.save() } },
  );

  private async save(): Promise<void> {
    this.problem.set(null);
    const body = this.form().value();
    try {
      const { tenant } = this;
      this.ref.close(
        await (tenant
          ? this.api.invoke(changeTenant, { id: tenant.id, body, 'If-Match': ifMatch(tenant) })
          : this.api.invoke(createTenant, { body })),
      );
    } catch (error) {
      this.problem.set(await this.meanwhile.settle(error, () => this.theirs(), this.model));
    }
  }

  private async theirs(): Promise<Required<NewTenant>> {
    this.tenant = await this.api.invoke(getTenant, { id: this.tenant?.id ?? '' });
    return this.startOf(this.tenant);
  }

  private startOf(tenant: Tenant | undefined): Required<NewTenant> {
    return {
      name: tenant?.name ?? '',
      language: tenant?.language ?? 'en',
      limits: { ...this.data.limits.usual, ...tenant?.limits },
    };
  }
}

const LABELS: Readonly<Record<string, string>> = {
  name: 'tenants.name',
  language: 'tenants.language',
  'limits.mayUseSystemMail': 'tenants.mayUseSystemMail',
};
