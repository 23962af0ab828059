import { Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listUsers } from '../../core/api/functions';
import { pagedList } from '../../core/paging/paged-list';
import { Page } from '../../ui/page/page';
import { EmptyState } from '../../ui/state/empty-state';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Tag } from '../../ui/status/tag';
import { ListTable } from '../../ui/table/list-table';
import { Ago } from '../../ui/time/ago';

/** The people of one's own scope: the system's administrators, or the tenant's users. */
@Component({
  selector: 'sp-users-page',
  imports: [Ago, EmptyState, ListTable, ManagedTag, Page, Tag, TranslocoPipe],
  template: `
    <sp-page [heading]="'nav.users' | transloco" [lead]="'users.lead' | transloco">
      <sp-list-table
        [list]="list"
        [label]="'nav.users' | transloco"
        [columns]="['users.user', 'users.role', 'users.created']"
        [unseen]="'users.marks'"
      >
        @for (user of list.items(); track user.id) {
          <tr role="row">
            <td role="cell" class="sp-cell-full">
              <strong>{{ user.name || user.email }}</strong>
              @if (user.name) {
                <div class="sp-second">{{ user.email }}</div>
              }
            </td>
            <td role="cell">
              {{ 'role.' + user.role | transloco }}
              @if (user.customer; as customer) {
                <span class="sp-soft"> · {{ customer.name }}</span>
              }
            </td>
            <td role="cell" class="sp-second"><sp-ago [at]="user.createdAt" /></td>
            <td role="cell" class="sp-actions">
              @if (!user.active) {
                <sp-tag icon="hourglass-top">{{ 'users.inactive' | transloco }}</sp-tag>
              }
              @if (user.managed) {
                <sp-managed />
              }
            </td>
          </tr>
        }
        <sp-empty-state
          empty
          icon="group"
          [heading]="'users.empty.title' | transloco"
          [text]="'users.empty.next' | transloco"
        />
      </sp-list-table>
    </sp-page>
  `,
})
export class UsersPage {
  private readonly api = inject(Api);
  protected readonly list = pagedList(signal(null), (_all, cursor) => this.api.invoke(listUsers, cursor));
}
