import { Component, computed, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../core/api/api';
import { deleteCustomer, listCustomers } from '../../core/api/functions';
import type { Customer } from '../../core/api/models';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Confirm } from '../../ui/dialog/confirm';
import { LIST_PARTS } from '../../ui/table/list-parts';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';
import { CustomerDialog } from './customer-dialog';

/** For whom the tenant looks after devices; a customer's users see that customer's devices alone. */
@Component({
  selector: 'sp-customers-page',
  imports: [...LIST_PARTS, Ago],
  templateUrl: './customers-page.html',
})
export class CustomersPage {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(SessionStore);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);

  protected readonly search = signal('');
  protected readonly list = pagedList(this.search, (search, cursor) =>
    this.api.invoke(listCustomers, { ...(search ? { search } : {}), ...cursor }),
  );
  protected readonly mayChange = computed(() => this.session.is('tenant-administrator'));

  protected async edit(customer?: Customer): Promise<void> {
    const open = this.dialog.open<CustomerDialog, Customer | undefined, Customer>(CustomerDialog, {
      data: customer,
      width: '420px',
    });
    if (await firstValueFrom(open.afterClosed())) void this.list.refresh();
  }

  protected async delete(customer: Customer): Promise<void> {
    const text = (part: string): string =>
      this.transloco.translate('customers.delete.' + part, { name: customer.name });
    if (!(await this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') }))) return;
    const deed = () => this.api.invoke(deleteCustomer, { id: customer.id });
    if (await this.toasts.attempt(deed, text('done'))) this.list.remove((shown) => shown.id === customer.id);
  }
}
