import { Clipboard } from '@angular/cdk/clipboard';
import { Component, inject, input, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';
import { TranslocoPipe } from '@jsverse/transloco';

/** Copies `text`; the icon says for two seconds that it worked. */
@Component({
  selector: 'sp-copy-button',
  imports: [MatIcon, MatIconButton, MatTooltip, TranslocoPipe],
  template: `
    <button
      matIconButton
      type="button"
      [matTooltip]="(copied() ? 'ui.copied' : 'ui.copy') | transloco"
      [attr.aria-label]="label()"
      (click)="copy()"
    >
      <mat-icon [svgIcon]="copied() ? 'check' : 'content-copy'" />
    </button>
  `,
})
export class CopyButton {
  readonly text = input.required<string>();
  /** For screen readers: what is copied. */
  readonly label = input.required<string>();
  protected readonly copied = signal(false);
  private readonly clipboard = inject(Clipboard);

  protected copy(): void {
    this.copied.set(this.clipboard.copy(this.text()));
    setTimeout(() => this.copied.set(false), 2_000);
  }
}
