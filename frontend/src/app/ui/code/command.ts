import { Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { CopyButton } from '../copy/copy-button';

/** A command or a secret to copy, whole and unbroken. */
@Component({
  selector: 'sp-command',
  imports: [CopyButton, TranslocoPipe],
  template: `
    <pre tabindex="0" [attr.aria-label]="label()"><code>{{ text() }}</code></pre>
    <sp-copy-button [text]="text()" [label]="('ui.copy' | transloco) + ': ' + label()" />
  `,
  styleUrl: './command.scss',
})
export class Command {
  readonly text = input.required<string>();
  readonly label = input.required<string>();
}
