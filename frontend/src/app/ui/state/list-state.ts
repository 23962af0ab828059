import { Component, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TranslocoPipe } from '@jsverse/transloco';
import type { PagedList } from '../../core/paging/paged-list';
import { ProblemState } from './problem-state';
import { Skeleton } from './skeleton';

/**
 * Around a list: skeleton while it loads, problem with retry, the empty state (`[empty]`), else the list itself and "load more".
 * What was read before a failed re-read stays visible.
 */
@Component({
  selector: 'sp-list-state',
  imports: [MatButton, ProblemState, Skeleton, TranslocoPipe],
  template: `
    @if (list().problem(); as problem) {
      <sp-problem class="problem" [problem]="problem" (retry)="list().reload()" />
    }
    @if (list().loading()) {
      <sp-skeleton />
    } @else if (list().empty()) {
      <ng-content select="[empty]" />
    } @else if (list().items().length > 0) {
      <ng-content />
      @if (list().hasMore()) {
        <div class="more">
          <button mat-button type="button" [disabled]="list().loadingMore()" (click)="list().loadMore()">
            {{ 'ui.loadMore' | transloco }}
          </button>
        </div>
      }
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .problem {
      margin: 16px;
    }
    .more {
      display: flex;
      justify-content: center;
      padding: 8px;
      border-top: 1px solid var(--sp-line);
    }
  `,
})
export class ListState {
  readonly list = input.required<PagedList<unknown>>();
}
