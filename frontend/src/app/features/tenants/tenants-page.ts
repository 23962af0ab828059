import { Component, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import type { Tenant } from '../../core/api/models';
import { CountPipe } from '../../core/i18n/count.pipe';
import { LIST_PARTS } from '../../ui/table/list-parts';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';
import { DeleteTenantDialog } from './delete-tenant-dialog';
import { TenantDialog, type TenantToEdit } from './tenant-dialog';
import { TenantStore } from './tenant-store';

/** Every tenant of this installation, and what it may do. */
@Component({
  selector: 'sp-tenants-page',
  imports: [...LIST_PARTS, Ago, CountPipe],
  templateUrl: './tenants-page.html',
  providers: [TenantStore],
})
export class TenantsPage {
  private readonly dialog = inject(MatDialog);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(TenantStore);

  /** A new tenant needs somebody who administers it: that page comes next. */
  protected async create(): Promise<void> {
    const tenant = await this.ask(undefined);
    if (tenant) await this.router.navigate(['/users'], { queryParams: { tenantId: tenant.id } });
  }

  protected async edit(tenant: Tenant): Promise<void> {
    const changed = await this.ask(tenant);
    if (changed) this.store.list.replace((shown) => shown.id === changed.id, changed);
  }

  protected async delete(tenant: Tenant): Promise<void> {
    const open = this.dialog.open<DeleteTenantDialog, Tenant, boolean>(DeleteTenantDialog, {
      data: tenant,
      width: '480px',
    });
    if (await firstValueFrom(open.afterClosed())) this.store.list.remove((shown) => shown.id === tenant.id);
  }

  private async ask(tenant: Tenant | undefined): Promise<Tenant | undefined> {
    const limits = await this.store.limits().catch((error: unknown) => this.toasts.failed(error));
    if (!limits) return undefined;
    const open = this.dialog.open<TenantDialog, TenantToEdit, Tenant>(TenantDialog, {
      data: { tenant, limits },
      width: '520px',
    });
    return firstValueFrom(open.afterClosed());
  }
}
