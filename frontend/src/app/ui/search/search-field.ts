import { Component, input, model } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

const PAUSE = 250;

/** A search box that tells its text after a short pause in typing. */
@Component({
  selector: 'sp-search',
  imports: [MatIcon],
  template: `
    <mat-icon svgIcon="search" aria-hidden="true" />
    <input
      #box
      type="search"
      autocomplete="off"
      [value]="text()"
      [placeholder]="label()"
      [attr.aria-label]="label()"
      (input)="later(box.value)"
    />
  `,
  styleUrl: './search-field.scss',
})
export class SearchField {
  readonly text = model('');
  readonly label = input.required<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected later(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.text.set(text.trim()), PAUSE);
  }
}
