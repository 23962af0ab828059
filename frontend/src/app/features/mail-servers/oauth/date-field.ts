import { Component, input, output } from '@angular/core';

/** A day, with the browser's own calendar. Says `2026-12-31`; undefined: none. */
@Component({
  selector: 'sp-date-field',
  template: `
    <input
      #box
      type="date"
      class="sp-input"
      [id]="controlId()"
      [attr.aria-describedby]="describedBy()"
      [value]="value() ?? ''"
      (change)="changed.emit(box.value === '' ? undefined : box.value)"
    />
  `,
  styles: `
    .sp-input {
      max-width: 200px;
    }
  `,
})
export class DateField {
  readonly value = input.required<unknown>();
  readonly controlId = input.required<string>();
  readonly describedBy = input<string | null>(null);
  readonly changed = output<string | undefined>();
}
