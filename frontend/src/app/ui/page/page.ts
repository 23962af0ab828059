import { Component, input } from '@angular/core';

/** A page's frame: heading, one line of what it is for, actions at the right (`pageActions`), content. */
@Component({
  selector: 'sp-page',
  template: `
    <header>
      <div class="words">
        <h1>{{ heading() }}</h1>
        @if (lead()) {
          <p class="sp-soft">{{ lead() }}</p>
        }
      </div>
      <div class="actions"><ng-content select="[pageActions]" /></div>
    </header>
    <ng-content />
  `,
  styleUrl: './page.scss',
})
export class Page {
  readonly heading = input.required<string>();
  readonly lead = input('');
}
