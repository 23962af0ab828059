import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** Grey lines where content is about to be. */
@Component({
  selector: 'sp-skeleton',
  imports: [TranslocoPipe],
  template: `
    <span class="said">{{ 'ui.loading' | transloco }}</span>
    @for (row of lines(); track row) {
      <div class="row" aria-hidden="true"><span></span><span></span><span></span></div>
    }
  `,
  styleUrl: './skeleton.scss',
  host: { role: 'status' },
})
export class Skeleton {
  readonly rows = input(5);
  protected readonly lines = computed(() => Array.from({ length: this.rows() }, (_, row) => row));
}
