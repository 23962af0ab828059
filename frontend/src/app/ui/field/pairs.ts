import { Component, computed, input, linkedSignal, output } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';

interface Pair {
  readonly name: string;
  readonly text: string;
}

/** Names and their values, a row each: extra headers, for instance. A row without a name is not told. */
@Component({
  selector: 'sp-pairs',
  imports: [MatButton, MatIcon, MatIconButton, TranslocoPipe],
  template: `
    @for (pair of rows(); track $index) {
      <div class="row">
        <input
          #name
          class="sp-input name"
          [attr.aria-label]="'form.pairName' | transloco"
          [value]="pair.name"
          [readonly]="readonly()"
          autocomplete="off"
          spellcheck="false"
          (input)="edit($index, { name: name.value })"
        />
        <input
          #text
          class="sp-input"
          [attr.aria-label]="'form.pairValue' | transloco: { name: pair.name }"
          [value]="pair.text"
          [readonly]="readonly()"
          autocomplete="off"
          (input)="edit($index, { text: text.value })"
        />
        @if (!readonly()) {
          <button
            matIconButton
            type="button"
            [attr.aria-label]="'form.remove' | transloco: { name: pair.name }"
            (click)="remove($index)"
          >
            <mat-icon svgIcon="close" />
          </button>
        }
      </div>
    }
    @if (!readonly()) {
      <button matButton type="button" class="add" (click)="add()">
        <mat-icon svgIcon="add" />{{ 'form.add' | transloco }}
      </button>
    } @else if (rows().length === 0) {
      <p class="sp-soft">{{ 'form.nothing' | transloco }}</p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      align-items: flex-start;
      gap: 8px;
    }
    .row {
      display: flex;
      gap: 8px;
      width: 100%;
    }
    .name {
      flex: 0 1 40%;
    }
  `,
})
export class Pairs {
  readonly value = input.required<unknown>();
  readonly readonly = input(false);
  readonly valueChange = output<Readonly<Record<string, string>>>();
  private readonly given = computed(() => pairsOf(this.value()), { equal: samePairs });
  /** Rows that are still without a name live here alone. */
  protected readonly rows = linkedSignal<readonly Pair[], readonly Pair[]>({
    source: this.given,
    computation: (given, before) => (before && samePairs(given, told(before.value)) ? before.value : given),
  });

  protected add(): void {
    this.rows.update((rows) => [...rows, { name: '', text: '' }]);
  }

  protected edit(index: number, change: Partial<Pair>): void {
    this.keep(this.rows().map((row, other) => (other === index ? { ...row, ...change } : row)));
  }

  protected remove(index: number): void {
    this.keep(this.rows().filter((_row, other) => other !== index));
  }

  private keep(rows: readonly Pair[]): void {
    this.rows.set(rows);
    this.valueChange.emit(Object.fromEntries(told(rows).map(({ name, text }) => [name, text])));
  }
}

function told(rows: readonly Pair[]): readonly Pair[] {
  return rows.filter(({ name }) => name.trim() !== '');
}

function pairsOf(value: unknown): readonly Pair[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, text]) => ({ name, text: String(text) }));
}

function samePairs(one: readonly Pair[], other: readonly Pair[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, text }, index) => name === other[index]?.name && text === other[index].text)
  );
}
