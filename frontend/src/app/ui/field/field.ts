import { Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

let fields = 0;

/** An id that no other field of the page has. */
export function fieldId(): string {
  return `sp-field-${++fields}`;
}

/**
 * The frame of one form field: its name above, what to write and what is wrong with it below. The control is its content
 * (class `sp-input` on native ones) and takes `id` and `describedBy` from here.
 */
@Component({
  selector: 'sp-field',
  exportAs: 'spField',
  imports: [MatIcon],
  template: `
    @if (label()) {
      <div class="head">
        @if (isGroup()) {
          <span class="label" [id]="id + '-label'">{{ label() }}</span>
        } @else {
          <label class="label" [for]="id" [id]="id + '-label'">{{ label() }}</label>
        }
        @if (note()) {
          <span class="note">{{ note() }}</span>
        }
      </div>
    }
    <ng-content />
    @if (hint()) {
      <p class="hint" [id]="id + '-hint'">{{ hint() }}</p>
    }
    @if (error()) {
      <p class="error" [id]="id + '-error'"><mat-icon svgIcon="error-fill" aria-hidden="true" />{{ error() }}</p>
    }
  `,
  styleUrl: './field.scss',
  host: { '[class.wrong]': 'error() !== ""' },
})
export class FieldFrame {
  readonly label = input.required<string>();
  readonly hint = input('');
  readonly error = input('');
  /** A small word beside the name: "optional". */
  readonly note = input('');
  /** Whether the content is a group of controls, which no label can point at. */
  readonly isGroup = input(false);
  readonly id = fieldId();
  /** For `aria-describedby` of the control. */
  readonly describedBy = computed(() => {
    const parts = [this.hint() ? this.id + '-hint' : '', this.error() ? this.id + '-error' : ''];
    return parts.filter(Boolean).join(' ') || null;
  });
}
