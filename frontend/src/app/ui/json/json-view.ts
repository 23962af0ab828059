import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

interface Row {
  readonly key: string;
  readonly text: string;
  readonly nested: boolean;
}

/** A JSON value for people: an object as a list of names and values, anything else as it is written. */
@Component({
  selector: 'sp-json',
  imports: [TranslocoPipe],
  template: `
    @if (rows(); as rows) {
      <dl>
        @for (row of rows; track row.key) {
          <div [class.nested]="row.nested">
            <dt>{{ row.key }}</dt>
            <dd>
              @if (row.nested) {
                <pre>{{ row.text }}</pre>
              } @else {
                {{ row.text }}
              }
            </dd>
          </div>
        }
      </dl>
    } @else if (value() === null || value() === undefined) {
      <p class="sp-soft">{{ 'ui.nothing' | transloco }}</p>
    } @else {
      <pre>{{ written() }}</pre>
    }
  `,
  styleUrl: './json-view.scss',
})
export class JsonView {
  readonly value = input.required<unknown>();
  protected readonly written = computed(() => JSON.stringify(this.value(), null, 2));
  protected readonly rows = computed(() => rowsOf(this.value()));
}

function rowsOf(value: unknown): readonly Row[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value);
  return entries.length === 0 ? null : entries.map(([key, part]) => rowOf(key, part));
}

function rowOf(key: string, part: unknown): Row {
  const nested = typeof part === 'object' && part !== null;
  return { key, nested, text: typeof part === 'string' ? part : JSON.stringify(part, null, 2) };
}
