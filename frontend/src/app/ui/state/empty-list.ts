import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { IconName } from '../icon/icons';
import { EmptyState } from './empty-state';

/**
 * A list without an item: nothing fits what is looked for, or there is nothing yet; then its content holds the next step.
 * The words are a page's: `<texts>found` (of `{{ text }}`), `foundNext`, `title` and `next`.
 */
@Component({
  selector: 'sp-empty-list',
  imports: [EmptyState, TranslocoPipe],
  template: `
    @if (looking()) {
      <sp-empty-state
        icon="search"
        [heading]="texts() + 'found' | transloco: { text: search() }"
        [text]="texts() + 'foundNext' | transloco"
      />
    } @else {
      <sp-empty-state
        [icon]="icon()"
        [heading]="texts() + 'title' | transloco"
        [text]="next() ?? texts() + 'next' | transloco"
      >
        <ng-content />
      </sp-empty-state>
    }
  `,
})
export class EmptyList {
  /** Key of the words; it ends with a dot. */
  readonly texts = input.required<string>();
  readonly icon = input.required<IconName>();
  /** What is looked for. */
  readonly search = input('');
  /** Whether something besides leaves items out. */
  readonly filtered = input(false);
  /** Key of another next step than the usual one. */
  readonly next = input<string>();
  protected readonly looking = computed(() => this.search() !== '' || this.filtered());
}
