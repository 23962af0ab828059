import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { IconName } from '../icon/icons';

/** Nothing here yet: says why and what the next step is; its content holds the step (a button, a command). */
@Component({
  selector: 'sp-empty-state',
  imports: [MatIcon],
  template: `
    <span class="disc"><mat-icon [svgIcon]="icon()" aria-hidden="true" /></span>
    @if (page()) {
      <h1>{{ heading() }}</h1>
    } @else {
      <h2>{{ heading() }}</h2>
    }
    <p class="sp-soft">{{ text() }}</p>
    <div class="next"><ng-content /></div>
  `,
  styleUrl: './empty-state.scss',
})
export class EmptyState {
  readonly icon = input.required<IconName>();
  readonly heading = input.required<string>();
  readonly text = input('');
  /** Whether it is the whole page, so that its heading is the page's. */
  readonly page = input(false);
}
