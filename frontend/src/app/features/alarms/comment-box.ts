import { Component, ElementRef, afterNextRender, input, linkedSignal, output, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TranslocoPipe } from '@jsverse/transloco';
import { FieldFrame } from '../../ui/field/field';

/** As the API has it. */
const MAX_LENGTH = 10_000;

/** Where a comment is written or changed. What could not be sent stays in it. */
@Component({
  selector: 'sp-comment-box',
  imports: [FieldFrame, MatButton, TranslocoPipe],
  template: `
    <form (submit)="submit($event)">
      <sp-field #field="spField" [label]="label()">
        <textarea
          #box
          class="sp-input"
          dir="auto"
          rows="3"
          [id]="field.id"
          [attr.maxlength]="MAX_LENGTH"
          [value]="typed()"
          (input)="typed.set(box.value)"
        ></textarea>
      </sp-field>
      <div class="deeds">
        @if (focused()) {
          <button matButton type="button" (click)="cancelled.emit()">{{ 'ui.cancel' | transloco }}</button>
        }
        <button matButton="tonal" type="submit" [disabled]="busy() || typed().trim() === ''">{{ action() }}</button>
      </div>
    </form>
  `,
  styles: `
    form {
      display: flex;
      flex-direction: column;
      gap: 8px;
    }

    .deeds {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
    }
  `,
})
export class CommentBox {
  readonly label = input.required<string>();
  /** The button's word. */
  readonly action = input.required<string>();
  /** What stands in it at first. */
  readonly text = input('');
  /** It took the place of what the person clicked: focus goes there, and there is a way back. */
  readonly focused = input(false);
  /** @returns whether it worked */
  readonly send = input.required<(text: string) => Promise<boolean>>();
  readonly cancelled = output();

  protected readonly MAX_LENGTH = MAX_LENGTH;
  protected readonly typed = linkedSignal(() => this.text());
  protected readonly busy = signal(false);
  private readonly box = viewChild.required<string, ElementRef<HTMLTextAreaElement>>('box', { read: ElementRef });

  constructor() {
    afterNextRender(() => {
      if (this.focused()) this.box().nativeElement.focus();
    });
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const text = this.typed().trim();
    if (text === '' || this.busy()) return;
    this.busy.set(true);
    const worked = await this.send()(text);
    this.busy.set(false);
    if (worked) this.typed.set('');
  }
}
