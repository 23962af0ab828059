import { Component, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TranslocoPipe } from '@jsverse/transloco';
import { FieldFrame } from '../../../ui/field/field';

/** Takes the address at which the browser ended, where the provider could not send it back here. */
@Component({
  selector: 'sp-paste-back',
  imports: [FieldFrame, MatButton, TranslocoPipe],
  template: `
    <ol>
      <li>{{ 'oauth.paste.first' | transloco }}</li>
      <li>{{ 'oauth.paste.second' | transloco }} <code>http://localhost/?code=…</code></li>
      <li>{{ 'oauth.paste.third' | transloco }}</li>
    </ol>
    <form (submit)="finish(box.value); $event.preventDefault()">
      <sp-field
        #frame="spField"
        [label]="'oauth.paste.address' | transloco"
        [error]="wrong() ? ('oauth.paste.wrong' | transloco) : ''"
      >
        <input
          #box
          class="sp-input"
          autocomplete="off"
          spellcheck="false"
          placeholder="http://localhost/?code=…&state=…"
          [id]="frame.id"
          [attr.aria-describedby]="frame.describedBy()"
          [attr.aria-invalid]="wrong()"
          (input)="wrong.set(false)"
        />
      </sp-field>
      <div class="sp-bar">
        <button matButton="filled" type="submit" [disabled]="busy()">{{ 'oauth.paste.finish' | transloco }}</button>
        <button matButton type="button" (click)="cancelled.emit()">{{ 'ui.cancel' | transloco }}</button>
      </div>
    </form>
  `,
  styles: `
    :host,
    form {
      display: flex;
      flex-direction: column;
      gap: 12px;
      font-size: 0.875rem;
    }
    ol {
      margin: 0;
      padding-left: 20px;
    }
  `,
})
export class PasteBack {
  readonly busy = input(false);
  readonly pasted = output<string>();
  readonly cancelled = output();
  protected readonly wrong = signal(false);

  /** Only an address with an answer in it is worth sending. */
  protected finish(text: string): void {
    const address = text.trim();
    const isAnswer = URL.canParse(address) && /[?&](code|error)=/.test(address);
    this.wrong.set(!isAnswer);
    if (isAnswer) this.pasted.emit(address);
  }
}
