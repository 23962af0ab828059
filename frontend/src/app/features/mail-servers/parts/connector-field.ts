import { Component, inject, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { PartsStore } from './parts-store';

const DIRECT = 'direct';

/** The proxy of a mail server: the system's default (nothing said), none (null), or a named one. */
@Component({
  selector: 'sp-connector-field',
  imports: [TranslocoPipe],
  template: `
    <select
      #box
      class="sp-input"
      [id]="controlId()"
      [attr.aria-describedby]="describedBy()"
      [disabled]="readonly()"
      (change)="choose(box.value)"
    >
      <option value="" [selected]="value() === undefined">{{ 'connectors.systemDefault' | transloco }}</option>
      <option value="direct" [selected]="value() === null">{{ 'connectors.direct' | transloco }}</option>
      @for (connector of parts.connectors(); track connector.id) {
        <option [value]="connector.id" [selected]="connector.id === value()">
          {{ connector.name }} ({{ 'connectors.kind.' + connector.kind | transloco }})
        </option>
      }
    </select>
  `,
})
export class ConnectorField {
  readonly value = input.required<unknown>();
  readonly controlId = input.required<string>();
  readonly describedBy = input<string | null>(null);
  readonly readonly = input(false);
  readonly changed = output<string | null | undefined>();
  protected readonly parts = inject(PartsStore);

  protected choose(value: string): void {
    this.changed.emit(value === '' ? undefined : value === DIRECT ? null : value);
  }
}
