import { Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { PagedList } from '../../core/paging/paged-list';
import { ListState } from '../state/list-state';

/** A card with a list as a table: its content are the rows (`<tr role="row">`) and the empty state (`[empty]`). */
@Component({
  selector: 'sp-list-table',
  imports: [ListState, TranslocoPipe],
  template: `
    <sp-list-state [list]="list()">
      <table class="sp-table" role="table" [attr.aria-label]="label()">
        <thead role="rowgroup">
          <tr role="row">
            @for (column of columns(); track column) {
              <th role="columnheader">{{ column | transloco }}</th>
            }
            @if (unseen(); as column) {
              <th role="columnheader">
                <span class="cdk-visually-hidden">{{ column | transloco }}</span>
              </th>
            }
          </tr>
        </thead>
        <tbody role="rowgroup">
          <ng-content />
        </tbody>
      </table>
      <ng-content select="[empty]" ngProjectAs="[empty]" />
    </sp-list-state>
  `,
  styles: `
    :host {
      display: block;
    }
  `,
  host: { class: 'sp-card sp-table-frame' },
})
export class ListTable {
  readonly list = input.required<PagedList<unknown>>();
  /** What the table is, for screen readers. */
  readonly label = input.required<string>();
  /** Translation keys of the headings, one a column. */
  readonly columns = input.required<readonly string[]>();
  /** Key of the heading of a last column whose content speaks for itself; only screen readers hear it. */
  readonly unseen = input<string>();
}
