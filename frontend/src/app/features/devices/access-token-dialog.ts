import { Component, DOCUMENT, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { telemetryCommand } from '../../core/device-link/telemetry-command';
import { Command } from '../../ui/code/command';

export interface AccessTokenData {
  readonly name: string;
  readonly accessToken: string;
}

/** Shows a device's access token the one time it can be seen, with a line to try it. */
@Component({
  selector: 'sp-access-token-dialog',
  imports: [Command, MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle, TranslocoPipe],
  template: `
    <h2 mat-dialog-title>{{ 'devices.token.title' | transloco: { name: data.name } }}</h2>
    <mat-dialog-content class="content">
      <p>{{ 'devices.token.once' | transloco }}</p>
      <sp-command [text]="data.accessToken" [label]="'devices.token.label' | transloco" />
      <p>{{ 'devices.token.try' | transloco }}</p>
      <sp-command [text]="command" [label]="'ui.command' | transloco" />
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="filled" mat-dialog-close>{{ 'devices.token.kept' | transloco }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    .content {
      display: flex;
      flex-direction: column;
      gap: 12px;
    }
  `,
})
export class AccessTokenDialog {
  protected readonly data = inject<AccessTokenData>(MAT_DIALOG_DATA);
  protected readonly command = telemetryCommand(inject(DOCUMENT).location.origin, this.data.accessToken, {
    temperature: 21.5,
  });
}
