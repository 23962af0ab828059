import { Component, input } from '@angular/core';

/** A list with the chosen one beside it; where there is no room for both, the chosen one takes the list's place. */
@Component({
  selector: 'sp-split',
  template: `
    <div class="list"><ng-content /></div>
    <div class="detail"><ng-content select="[detail]" /></div>
  `,
  styleUrl: './split.scss',
  host: { '[class.open]': 'open()' },
})
export class Split {
  readonly open = input.required<boolean>();
}
