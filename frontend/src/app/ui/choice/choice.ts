import { Component, input, model } from '@angular/core';

export interface Option<T> {
  readonly value: T;
  /** Ready to show. */
  readonly label: string;
}

let groups = 0;

/** One of a few, all visible: native radio buttons that look like a segmented control. */
@Component({
  selector: 'sp-choice',
  template: `
    @for (option of options(); track option.value) {
      <label>
        <input
          type="radio"
          [name]="group"
          [value]="option.value"
          [checked]="option.value === value()"
          [disabled]="disabled()"
          (change)="value.set(option.value)"
        />
        <span>{{ option.label }}</span>
      </label>
    }
  `,
  styleUrl: './choice.scss',
  host: { role: 'radiogroup', '[attr.aria-label]': 'label()' },
})
export class Choice<T extends string> {
  readonly options = input.required<readonly Option<T>[]>();
  readonly value = model.required<T>();
  readonly label = input.required<string>();
  readonly disabled = input(false);
  protected readonly group = `sp-choice-${++groups}`;
}
