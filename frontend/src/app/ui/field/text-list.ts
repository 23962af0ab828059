import { Component, input, model, signal } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';

/** Several short texts; Enter, comma or leaving the box adds what is written, Backspace in the empty box takes the last away. */
@Component({
  selector: 'sp-text-list',
  imports: [MatIcon, TranslocoPipe],
  template: `
    @for (item of items(); track item) {
      <span class="chip">
        {{ item }}
        @if (!readonly()) {
          <button type="button" [attr.aria-label]="'form.remove' | transloco: { name: item }" (click)="remove(item)">
            <mat-icon svgIcon="close" />
          </button>
        }
      </span>
    }
    @if (!readonly()) {
      <input
        #box
        [id]="controlId()"
        [attr.aria-describedby]="describedBy()"
        [attr.aria-invalid]="invalid()"
        [placeholder]="items().length === 0 ? placeholder() : ''"
        [value]="text()"
        autocomplete="off"
        spellcheck="false"
        (input)="text.set(box.value)"
        (keydown)="press($event)"
        (blur)="add()"
      />
    } @else if (items().length === 0) {
      <span class="none">{{ 'form.nothing' | transloco }}</span>
    }
  `,
  styleUrl: './text-list.scss',
  host: { '[class.readonly]': 'readonly()' },
})
export class TextList {
  readonly items = model<readonly string[]>([]);
  readonly controlId = input('');
  readonly describedBy = input<string | null>(null);
  readonly placeholder = input('');
  readonly readonly = input(false);
  readonly invalid = input(false);
  /** Whether blanks part the texts, too, since none may have one. */
  readonly blanks = input(false);
  protected readonly text = signal('');

  protected press(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      this.add();
    } else if (event.key === 'Backspace' && this.text() === '') {
      this.items.update((items) => items.slice(0, -1));
    }
  }

  protected add(): void {
    const texts = this.text()
      .split(this.blanks() ? /[,;\s]/ : /[,;\n]/)
      .map((text) => text.trim())
      .filter(Boolean);
    this.text.set('');
    if (texts.length > 0) this.items.update((items) => [...new Set([...items, ...texts])]);
  }

  protected remove(item: string): void {
    this.items.update((items) => items.filter((other) => other !== item));
  }
}
