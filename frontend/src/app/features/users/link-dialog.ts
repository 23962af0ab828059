import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ShownLink, User } from '../../core/api/models';
import { Command } from '../../ui/code/command';
import { Ago } from '../../ui/time/ago';

/** A link to hand over by another way than mail; it is a key to the account. */
@Component({
  selector: 'sp-link-dialog',
  imports: [Ago, Command, MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle, TranslocoPipe],
  template: `
    <h2 mat-dialog-title>{{ 'users.link.' + data.link.purpose | transloco: { name: data.user.email } }}</h2>
    <mat-dialog-content class="sp-form">
      <p>{{ 'users.link.text' | transloco }}</p>
      <sp-command [text]="data.link.url" [label]="'users.link.label' | transloco" />
      <p class="sp-soft">{{ 'users.link.ends' | transloco }} <sp-ago [at]="data.link.expiresAt" /></p>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="filled" type="button" mat-dialog-close>{{ 'ui.close' | transloco }}</button>
    </mat-dialog-actions>
  `,
})
export class LinkDialog {
  protected readonly data = inject<{ readonly user: User; readonly link: ShownLink }>(MAT_DIALOG_DATA);
}
