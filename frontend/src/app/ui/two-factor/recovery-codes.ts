import { Component, DOCUMENT, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TranslocoPipe } from '@jsverse/transloco';
import { saveFile } from '../../core/file/save-file';
import { Command } from '../code/command';

/** The codes for the day on which the phone is lost, to be kept elsewhere; they are shown this one time. */
@Component({
  selector: 'sp-recovery-codes',
  imports: [Command, MatButton, TranslocoPipe],
  template: `
    <p>{{ 'twoFactor.codesText' | transloco }}</p>
    <sp-command [text]="text()" [label]="'twoFactor.codes' | transloco" />
    <button matButton="outlined" type="button" (click)="save()">{{ 'twoFactor.download' | transloco }}</button>
  `,
  styleUrl: './two-factor.scss',
})
export class RecoveryCodes {
  readonly codes = input.required<readonly string[]>();
  private readonly document = inject(DOCUMENT);
  protected readonly text = computed(() => this.codes().join('\n'));

  protected save(): void {
    saveFile(this.document, 'signalpost-recovery-codes.txt', this.text() + '\n', 'text/plain');
  }
}
