import { Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listTenants } from '../../core/api/functions';
import { pagedList } from '../../core/paging/paged-list';
import { Page } from '../../ui/page/page';
import { EmptyState } from '../../ui/state/empty-state';
import { ManagedTag } from '../../ui/status/managed-tag';
import { ListTable } from '../../ui/table/list-table';
import { Ago } from '../../ui/time/ago';

/** Every tenant of this installation. */
@Component({
  selector: 'sp-tenants-page',
  imports: [Ago, EmptyState, ListTable, ManagedTag, Page, TranslocoPipe],
  template: `
    <sp-page [heading]="'nav.tenants' | transloco" [lead]="'tenants.lead' | transloco">
      <sp-list-table
        [list]="list"
        [label]="'nav.tenants' | transloco"
        [columns]="['tenants.name', 'tenants.systemMail', 'tenants.created']"
        [unseen]="'managed.label'"
      >
        @for (tenant of list.items(); track tenant.id) {
          <tr role="row">
            <td role="cell" class="sp-cell-full">
              <strong>{{ tenant.name }}</strong>
            </td>
            <td role="cell" class="sp-second" [attr.data-label]="'tenants.systemMail' | transloco">
              {{ (tenant.limits.mayUseSystemMail ? 'tenants.allowed' : 'tenants.notAllowed') | transloco }}
            </td>
            <td role="cell" class="sp-second"><sp-ago [at]="tenant.createdAt" /></td>
            <td role="cell" class="sp-actions">
              @if (tenant.managed) {
                <sp-managed />
              }
            </td>
          </tr>
        }
        <sp-empty-state
          empty
          icon="domain"
          [heading]="'tenants.empty.title' | transloco"
          [text]="'tenants.empty.next' | transloco"
        />
      </sp-list-table>
    </sp-page>
  `,
})
export class TenantsPage {
  private readonly api = inject(Api);
  protected readonly list = pagedList(signal(null), (_all, cursor) => this.api.invoke(listTenants, cursor));
}
