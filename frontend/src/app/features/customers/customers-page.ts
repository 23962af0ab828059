import { Component, computed, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../core/api/api';
import { deleteCustomer, listCustomers } from '../../core/api/functions';
import type { Customer } from '../../core/api/models';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Confirm } from '../../ui/dialog/confirm';
import { Page } from '../../ui/page/page';
import { SearchField } from '../../ui/search/search-field';
import { EmptyState } from '../../ui/state/empty-state';
import { ManagedTag } from '../../ui/status/managed-tag';
import { ListTable } from '../../ui/table/list-table';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';
import { CustomerDialog } from './customer-dialog';

/** For whom the tenant looks after devices; a customer's users see that customer's devices alone. */
@Component({
  selector: 'sp-customers-page',
  imports: [
    Ago,
    EmptyState,
    ListTable,
    ManagedTag,
    MatButton,
    MatIcon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    Page,
    RouterLink,
    SearchField,
    TranslocoPipe,
  ],
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
