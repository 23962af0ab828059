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
import { LIMITS, emptyLimits } from './limits';

/** Creates a tenant, or changes one; closes with it. */
@Component({
  selector: 'sp-tenant-dialog',
  imports: [...DIALOG_FORM_PARTS, MatCheckbox],
  templateUrl: './tenant-dialog.html',
})
export class TenantDialog {
  private readonly api = inject(Api);
  private readonly ref = inject<MatDialogRef<TenantDialog, Tenant>>(MatDialogRef);
  protected tenant = inject<Tenant | undefined>(MAT_DIALOG_DATA);
  protected readonly languages = LANGUAGE_NAMES;
  protected readonly limits = LIMITS;

  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly labels = LABELS;
  private readonly model = signal(startOf(this.tenant));
  protected readonly meanwhile = new Meanwhile(this.model());
  protected readonly form = form(
    this.model,
    (path) => {
      required(path.name);
      maxLength(path.name, 255);
      for (const { name, most } of LIMITS) {
        min(path.limits[name], 1);
        max(path.limits[name], most);
      }
      required(path.limits.maxWaitingMails);
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
    return startOf(this.tenant);
  }
}

const LABELS: Readonly<Record<string, string>> = {
  name: 'tenants.name',
  language: 'tenants.language',
  'limits.mayUseSystemMail': 'tenants.mayUseSystemMail',
  ...Object.fromEntries(LIMITS.map(({ name }) => ['limits.' + name, 'tenants.limit.' + name])),
};

const startOf = (tenant: Tenant | undefined): Required<NewTenant> => ({
  name: tenant?.name ?? '',
  language: tenant?.language ?? 'en',
  limits: { ...emptyLimits(), ...tenant?.limits },
});
